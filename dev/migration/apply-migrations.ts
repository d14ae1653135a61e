import type { LocalDatabase } from "../database.ts";
import { findBreaks, readSurface } from "./find-breaks.ts";
import type { Migration } from "./read-migrations.ts";

/** Applies migrations to a project, and gives what keeps one of them from landing: see findBreaks. */
export async function applyMigrations(database: LocalDatabase, migrations: Migration[]): Promise<string[]> {
  const breaks: string[] = [];
  let before = await readSurface(database);
  for (const migration of migrations) {
    await database.exec(migration.sql).catch((error: Error) => {
      throw new Error(`${migration.file}: ${error.message}`, { cause: error });
    });
    const after = await readSurface(database);
    breaks.push(...findBreaks(migration, before, after));
    before = after;
  }
  return breaks;
}
