import type { TestProject } from "vitest/node";
import { migrate, openDatabase } from "../../dev/database.ts";
import { startPostgres } from "../../dev/postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The URL of a database, for a name. `{name}` stands for it. */
    postgresUrl: string;
  }
}

/** The database that every test's own is a copy of. */
export const TEMPLATE = "template_migrated";

/** One PostgreSQL 17 for all test files, with a migrated template that each of them copies. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  // The projects that need it share it.
  const root = project.vitest.getRootProject();
  if (root.getProvidedContext().postgresUrl) return;
  const postgres = await startPostgres();
  const admin = await openDatabase(postgres.url("postgres"));
  await admin.query(`create database ${TEMPLATE}`);
  await admin.close();
  const template = await openDatabase(postgres.url(TEMPLATE));
  await migrate(template);
  await template.close();
  root.provide("postgresUrl", postgres.url("{name}"));
  return postgres.stop;
}
