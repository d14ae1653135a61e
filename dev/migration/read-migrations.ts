import { readdir, readFile } from "node:fs/promises";
import { SUPABASE } from "../schema.ts";

export type Migration = { file: string; version: string; name: string; sql: string };

/** All migrations, in the order in which they are applied. */
export async function readMigrations(supabase = SUPABASE): Promise<Migration[]> {
  const folder = new URL("migrations/", supabase);
  const files = (await readdir(folder)).filter((file) => /^\d{14}_\w+\.sql$/.test(file)).sort();
  return Promise.all(
    files.map(async (file) => ({
      file,
      version: file.slice(0, 14),
      name: file.slice(15, -4),
      sql: await readFile(new URL(file, folder), "utf8"),
    })),
  );
}
