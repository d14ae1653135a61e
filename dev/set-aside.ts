import { mkdir, rename } from "node:fs/promises";
import { resolve } from "node:path";
import type { LocalDatabase } from "./database.ts";
import { readMigrations } from "./migration/read-migrations.ts";

/**
 * Whether today's migrations go on from what a database has: what it has recorded is the beginning of them. A new database
 * has recorded nothing.
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

/** Moves a folder to a name of this moment, beside it, and makes it anew. Returns that name. */
export async function setAside(folder: string): Promise<string> {
  const aside = `${resolve(folder)}-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}`;
  await rename(folder, aside);
  await mkdir(folder);
  return aside;
}
