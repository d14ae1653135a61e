// Writes lib/supabase/database.types.ts and the list of migrations: npm run types. With --check it only compares, for CI.
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { migrate, openDatabase } from "./database.ts";
import { startPostgres } from "./postgres.ts";

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

const postgres = await startPostgres();
try {
  const database = await openDatabase(postgres.url("postgres"));
  await migrate(database);
  await database.close();
  const { stdout } = await promisify(execFile)(
    "supabase",
    ["gen", "types", "--lang", "typescript", "--schema", "public", "--remote", postgres.url("postgres")],
    { maxBuffer: 16 * 1024 * 1024, env: { ...process.env, DO_NOT_TRACK: "1" } },
  );
  // Before the types it may print a remark about the connection.
  const types = `// Generated from supabase/migrations by npm run types.\n${stdout.slice(stdout.indexOf("export type Json"))}`;
  await keep("supabase/database.types.ts", types);
} finally {
  await postgres.stop();
}
