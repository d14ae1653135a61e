// Writes the next file of supabase/migrations from what changed in supabase/schemas: npm run migration -- <name>. With
// --seal instead of a name it takes the newest one as it is now: see DEVELOPER.md.
import { startProjects } from "./migration/projects.ts";
import { readMigrations } from "./migration/read-migrations.ts";
import { seal } from "./migration/seals.ts";
import { writeMigration } from "./migration/write-migration.ts";
import { SUPABASE } from "./schema.ts";

async function write(name: string): Promise<void> {
  const { create, stop } = await startProjects();
  try {
    const written = await writeMigration({ name, now: new Date(), supabase: SUPABASE }, create);
    if (!written) return console.log("The migrations make all that supabase/schemas have.");
    console.log(`supabase/migrations/${written.file}: read it, then npm run types and npm run check.`);
    for (const sentence of written.left) console.log(`- ${sentence}`);
  } finally {
    await stop();
  }
}

const [name = ""] = process.argv.slice(2);
if (name === "--seal") {
  await seal(await readMigrations(), SUPABASE);
} else if (/^[a-z][a-z0-9_]*$/.test(name)) {
  await write(name);
} else {
  console.error("npm run migration -- add_objections: the name in lower case, with underscores.");
  process.exitCode = 1;
}
