import { mkdir, rename } from "node:fs/promises";
import { resolve } from "node:path";
import type { LocalDatabase } from "./database.ts";
import { readMigrations } from "./migration/read-migrations.ts";

/**
 * Whether today's migrations continue those of a database: the ones that it has recorded are the first of them. A new
 * database has recorded none.
 */
export async function goesOn({ query }: Pick<LocalDatabase, "query">): Promise<boolean> {
  const [found] = await query<{ history: string | null }>(
    "select to_regclass('supabase_migrations.schema_migrations')::text as history",
  );
  if (!found?.history) return true;
  const recorded = await query<{ version: string }>(`select version from ${found.history} order by version`);
  const migrations = await readMigrations();
  return recorded.every(({ version }, index) => migrations[index]?.version === version);
}

/** Renames a folder (the current time is appended) and creates an empty one in its place. Returns the new name. */
export async function setAside(folder: string): Promise<string> {
  const aside = `${resolve(folder)}-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}`;
  await rename(folder, aside);
  await mkdir(folder);
  return aside;
}
