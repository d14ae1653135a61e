import { writeFile } from "node:fs/promises";
import { readCatalog } from "../catalog.ts";
import { compareCatalogs, type Difference, describeDifferences } from "../compare-catalogs.ts";
import { readSchemas, type SchemaFile, splitStatements, withoutComments } from "../schema.ts";
import { applyMigrations } from "./apply-migrations.ts";
import { applySchemas } from "./apply-schemas.ts";
import { deriveStatements } from "./derive-statements.ts";
import { findBreaks, locks, readSurface } from "./find-breaks.ts";
import type { CreateProject } from "./projects.ts";
import { type Migration, readMigrations } from "./read-migrations.ts";
import { seal } from "./seals.ts";

/**
 * Writes the next migration from what supabase/schemas have and the migrations do not, and tries it.
 *
 * @param name of the migration, in snake_case
 * @param now the time that its version says, in UTC
 * @returns its file and what is left to a person, in sentences; null if there is nothing to write
 */
export async function writeMigration(
  { name, now, supabase }: { name: string; now: Date; supabase: URL },
  create: CreateProject,
): Promise<{ file: string; left: string[] } | null> {
  const files = await readSchemas(supabase);
  const migrations = await readMigrations(supabase);
  const version = now.toISOString().replace(/\D/g, "").slice(0, 14);
  const last = migrations.at(-1)?.version ?? "";
  if (version <= last) throw new Error(`${version} would not come after ${last}: is the clock right?`);
  const [from, to] = [await create(), await create()];
  await applyMigrations(from.database, migrations);
  await applySchemas(to.database, supabase);
  const compare = async () => compareCatalogs(await readCatalog(to.database), await readCatalog(from.database));
  const projectFiles = changedProjectFiles(files, migrations);
  if ((await compare()).length === 0 && projectFiles.length === 0) return null;
  const statements = [...(await deriveStatements(from.url, to.url, files)), ...projectFiles];
  const next = { file: `${version}_${name}.sql`, version, name, sql: script(statements) };
  const before = await readSurface(from.database);
  const error = await from.database.exec(next.sql).then(
    () => null,
    (error: Error) => error,
  );
  next.sql += error ? `\n-- FINISH: it fails: ${error.message}\n` : unmade(await compare());
  await writeFile(new URL(`migrations/${next.file}`, supabase), next.sql);
  await seal([...migrations, next], supabase);
  return { file: next.file, left: findBreaks(next, before, await readSurface(from.database)) };
}

function script(statements: string[]): string {
  const settings = [
    // A function may call one that a later statement makes.
    ...(statements.some((sql) => /^create or replace function/m.test(sql)) ? ["check_function_bodies = off"] : []),
    ...(locks(statements.join("\n")) ? ["lock_timeout = '5s'"] : []),
  ];
  return [
    ...settings.map((setting) => `set ${setting};`),
    ...statements,
    ...settings.map((setting) => `reset ${setting.replace(/ =.*/, "")};`),
  ]
    .join("\n\n")
    .concat("\n");
}

/** The files of the folder `project` whose current text is in no migration; they may be run again. */
function changedProjectFiles(files: SchemaFile[], migrations: Migration[]): string[] {
  const plain = (sql: string) => splitStatements(sql).map((one) => withoutComments(one).replace(/\s+/g, " "));
  const known = new Set(migrations.flatMap(({ sql }) => plain(sql)));
  const changed = files.filter(
    ({ path, sql }) => path.startsWith("project/") && !plain(sql).every((one) => known.has(one)),
  );
  return changed.map(({ sql }) => sql.trim());
}

function unmade(differences: Difference[]): string {
  if (differences.length === 0) return "";
  const lines = describeDifferences(differences, Number.POSITIVE_INFINITY);
  return ["", "FINISH: supabase/schemas have (-), and this does not make or makes otherwise (+):", ...lines]
    .join("\n-- ")
    .concat("\n");
}
