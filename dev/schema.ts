// supabase/schemas, which is the truth of what the database is, as statements in the order in which they can run.
import { readdir, readFile } from "node:fs/promises";

/** The folder of what the Supabase CLI deploys, and of what that is made from. */
export const SUPABASE = new URL("../supabase/", import.meta.url);

export type SchemaFile = { path: string; sql: string };

/** What runs first, by how a statement begins; what matches none is data and runs last. */
const PHASES: readonly RegExp[] = [
  /^create schema/,
  /^create (type|sequence)/,
  /^create table/,
  /^alter table \S+ (add|drop) constraint/,
  /^create (unique )?index/,
  /^create or replace function/,
  /^create (constraint )?trigger/,
  /^comment on/,
  /^(alter table \S+ enable row level security|revoke|grant)/,
];

/** Each file below `supabase/schemas`, by its path there, in the order of the paths. */
export async function readSchemas(supabase = SUPABASE): Promise<SchemaFile[]> {
  const folder = new URL("schemas/", supabase);
  const paths = (await readdir(folder, { recursive: true }))
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".sql"))
    .sort();
  return Promise.all(paths.map(async (path) => ({ path, sql: await readFile(new URL(path, folder), "utf8") })));
}

/**
 * All statements of `supabase/schemas` in one script: functions are not checked until all of them are there, and tables
 * refer to each other. What belongs to a project (folder `project`: the clock, the bucket, what touches Supabase's own
 * tables) comes last, if it is wanted.
 */
export function schemaScript(files: SchemaFile[], { project = true } = {}): string {
  const ours = files.filter(({ path }) => !path.startsWith("project/"));
  const statements = ours.flatMap(({ sql }) => splitStatements(sql));
  const phaseOf = (statement: string) => {
    const phase = PHASES.findIndex((start) => start.test(withoutComments(statement)));
    return phase === -1 ? PHASES.length : phase;
  };
  const ordered = PHASES.concat(/data/).flatMap((_, phase) => statements.filter((one) => phaseOf(one) === phase));
  const last = project ? files.filter(({ path }) => path.startsWith("project/")).map(({ sql }) => sql.trim()) : [];
  return ["set check_function_bodies = off;", ...ordered, ...last, "reset check_function_bodies;"]
    .join("\n\n")
    .concat("\n");
}

/** Statements with the comments before them. Knows quotes, dollar quotes and line comments. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  const token = /--[^\n]*|'(?:[^']|'')*'|"[^"]*"|(\$\w*\$)[\s\S]*?\1|;/g;
  let start = 0;
  for (const match of sql.matchAll(token)) {
    if (match[0] !== ";") continue;
    statements.push(sql.slice(start, match.index + 1).trim());
    start = match.index + 1;
  }
  const rest = withoutComments(sql.slice(start));
  if (rest !== "") throw new Error(`A statement does not end with a semicolon: ${rest.slice(0, 60)}`);
  return statements;
}

/** Lines that are all comment are left out. */
export const withoutComments = (statement: string) => statement.replace(/^\s*--.*$/gm, "").trim();
