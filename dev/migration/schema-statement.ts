import type { StableId } from "@supabase/pg-delta";
import { type SchemaFile, splitStatements, withoutComments } from "../schema.ts";

/** A statement of supabase/schemas; `makes` names what it makes, as `nameOf` names the same thing in a database. */
export type SchemaStatement = { file: string; makes: string | null; sql: string };

const PATTERNS: readonly [RegExp, (...found: string[]) => string][] = [
  [/^create (?:or replace )?(table|function|type|sequence|schema) ([\w.]+)/, (kind, name) => `${kind} ${name}`],
  [/^create (?:unique )?index (\w+)\s+on (\w+)\./, (name, schema) => `index ${schema}.${name}`],
  [/^create (?:constraint )?trigger (\w+)\s[^;]*?\son ([\w.]+)/, (name, table) => `trigger ${table}.${name}`],
  [/^alter table ([\w.]+) add constraint (\w+)/, (table, name) => `constraint ${table}.${name}`],
  [/^create policy (?:"([^"]+)"|(\w+))\s+on ([\w.]+)/, (quoted, plain, table) => `policy ${table}.${quoted ?? plain}`],
];

export function readStatements(files: SchemaFile[]): SchemaStatement[] {
  return files.flatMap(({ path, sql }) =>
    splitStatements(sql).map((statement) => {
      const makes = PATTERNS.flatMap(([pattern, name]) => {
        const found = pattern.exec(withoutComments(statement));
        return found ? [name(...found.slice(1))] : [];
      })[0];
      return { file: path, makes: makes ?? null, sql: statement };
    }),
  );
}

/** The name of a thing in a database; a comment and a right are named as what they are of. */
export function nameOf(id: StableId): string {
  if (id.kind === "comment" || id.kind === "acl") return nameOf(id.target);
  if (!("name" in id)) return id.kind;
  if (!("schema" in id)) return `${id.kind} ${id.name}`;
  const owner = "table" in id ? `.${id.table}` : "type" in id ? `.${id.type}` : "";
  return `${id.kind} ${id.schema}${owner}.${id.name}`;
}

/** What the file in supabase/schemas is called after that has this thing in it: its table, type or itself. */
export function ownerOf(id: StableId): string {
  if (id.kind === "comment" || id.kind === "acl") return ownerOf(id.target);
  if ("table" in id) return `table ${id.schema}.${id.table}`;
  return id.kind === "typeAttribute" ? `type ${id.schema}.${id.type}` : nameOf(id);
}
