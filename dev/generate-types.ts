// Writes lib/supabase/database.types.ts from the migrations: npm run types. With --check it only compares, for CI.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { migrate, openDatabase } from "./database.ts";
import { startPostgres } from "./postgres.ts";

const TARGET = new URL("../lib/supabase/database.types.ts", import.meta.url);

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
  if (process.argv.includes("--check")) {
    if ((await readFile(TARGET, "utf8")) !== types) {
      console.error("lib/supabase/database.types.ts is stale: npm run types");
      process.exitCode = 1;
    }
  } else {
    await writeFile(TARGET, types);
  }
} finally {
  await postgres.stop();
}
