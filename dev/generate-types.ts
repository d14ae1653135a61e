// Writes lib/supabase/database.types.ts and the list of migrations: npm run types. With --check it only compares, for CI.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { generateTypescript, introspect, sortGeneratorMetadata } from "@supabase/postgrest-typegen";
import { migrate, openDatabase } from "./database.ts";

const LIB = new URL("../lib/", import.meta.url);

async function keep(name: string, content: string): Promise<void> {
  const target = new URL(name, LIB);
  if (!process.argv.includes("--check")) return writeFile(target, content);
  if ((await readFile(target, "utf8").catch(() => null)) === content) return;
  console.error(`lib/${name} is stale: npm run types`);
  process.exitCode = 1;
}

// A deployment carries no SQL, and yet must know which migrations its database ought to have.
const files = await readdir(new URL("../supabase/migrations/", import.meta.url));
const versions = files.flatMap((file) => /^(\d+)_\w+\.sql$/.exec(file)?.[1] ?? []).sort();
await keep(
  "health/migrations.ts",
  `// Generated from supabase/migrations by npm run types.
/** The versions of all migrations, in their order. */
export const MIGRATIONS: readonly string[] = [
${versions.map((version) => `  "${version}",\n`).join("")}];
`,
);

// The engine of `supabase gen types`, which itself starts it in Docker.
const database = await openDatabase("memory://");
await migrate(database);
const described = await introspect(
  { query: async (sql) => ({ rows: await database.query(sql) }) },
  { includedSchemas: ["public"] },
);
await database.close();
await keep(
  "supabase/database.types.ts",
  `// Generated from supabase/migrations by npm run types.
${await generateTypescript(sortGeneratorMetadata(described), { detectOneToOneRelationships: true })}`,
);
