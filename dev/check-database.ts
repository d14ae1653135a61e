// What npm run check asks of supabase/, and of what is made from it.
import { findStale } from "./generated-files.ts";
import { applyMigrations } from "./migration/apply-migrations.ts";
import { findDrift } from "./migration/find-drift.ts";
import { startProjects } from "./migration/projects.ts";
import { readMigrations } from "./migration/read-migrations.ts";
import { findBrokenSeals } from "./migration/seals.ts";
import { SUPABASE } from "./schema.ts";

const { create, stop } = await startProjects();
try {
  const migrations = await readMigrations();
  const { database } = await create();
  const problems = [
    ...(await findBrokenSeals(migrations, SUPABASE)),
    ...(await applyMigrations(database, migrations)),
    ...(await findStale(database, migrations)),
    ...(await findDrift(SUPABASE, database, create)),
  ];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
} finally {
  await stop();
}
