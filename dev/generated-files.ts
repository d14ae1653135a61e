import { readFile, writeFile } from "node:fs/promises";
import { generateTypescript, introspect, sortGeneratorMetadata } from "@supabase/postgrest-typegen";
import type { LocalDatabase } from "./database.ts";
import type { Migration } from "./migration/read-migrations.ts";

const LIB = new URL("../lib/", import.meta.url);

/** What in lib is made from the migrations and a database that has them, by its path there. */
async function generate(database: LocalDatabase, migrations: Migration[]): Promise<[path: string, content: string][]> {
  // The engine of `supabase gen types`, which itself starts it in Docker.
  const described = await introspect(
    { query: async (sql) => ({ rows: await database.query(sql) }) },
    { includedSchemas: ["public"] },
  );
  const types = await generateTypescript(sortGeneratorMetadata(described), { detectOneToOneRelationships: true });
  // A deployment carries no SQL, and yet must know which migrations its database ought to have.
  const versions = `/** The versions of all migrations, in their order. */
export const MIGRATIONS: readonly string[] = [
${migrations.map(({ version }) => `  "${version}",\n`).join("")}];
`;
  const title = "// Generated from supabase/migrations by npm run types.\n";
  return [
    ["health/migrations.ts", `${title}${versions}`],
    ["supabase/database.types.ts", `${title}${types}`],
  ];
}

export async function writeGenerated(database: LocalDatabase, migrations: Migration[]): Promise<void> {
  for (const [path, content] of await generate(database, migrations)) await writeFile(new URL(path, LIB), content);
}

/** Those that are not as they would be written now, in sentences. */
export async function findStale(database: LocalDatabase, migrations: Migration[]): Promise<string[]> {
  const files = await generate(database, migrations);
  const kept = await Promise.all(files.map(([path]) => readFile(new URL(path, LIB), "utf8").catch(() => null)));
  return files.flatMap(([path, content], index) =>
    kept[index] === content ? [] : [`lib/${path} is stale: npm run types`],
  );
}
