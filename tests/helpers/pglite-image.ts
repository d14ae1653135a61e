import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { migrate, openDatabase } from "../../dev/database.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The file that holds a migrated PGlite. */
    pgliteImage: string;
  }
}

/** One migrated PGlite that each test file's own begins as: to migrate takes seven times as long as to read it. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  // The projects that need it share it.
  const root = project.vitest.getRootProject();
  if (root.getProvidedContext().pgliteImage) return;
  const database = await openDatabase("memory://");
  await migrate(database);
  const { driver } = database.connection;
  if (!("dumpDataDir" in driver)) throw new Error("needs PGlite");
  const image = await driver.dumpDataDir("none");
  await database.close();
  const folder = await mkdtemp(join(tmpdir(), "pglite-"));
  const file = join(folder, "image.tar");
  await writeFile(file, image.stream());
  root.provide("pgliteImage", file);
  return () => rm(folder, { recursive: true, force: true });
}
