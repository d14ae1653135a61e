import { type Finding, fail, ok, warn } from "./finding.ts";
import { MIGRATIONS } from "./migrations.ts";

const DATABASE = '--db-url "<the session pooler\'s connection string>"';
const PUSH = `npx supabase db push ${DATABASE}`;
/** As the README says. */
export const APPLY = `Apply the migrations: ${PUSH}`;

/** Are the migrations that a database has recorded, each by its version, those of this program? */
export function checkMigrations(recorded: readonly string[] | null): Finding {
  if (recorded === null) {
    return warn(
      "migrations",
      "The tables are there, but nothing records which migrations were applied.",
      `Apply them with a tool that keeps count: ${PUSH}`,
    );
  }
  const newest = MIGRATIONS.at(-1) ?? "";
  const others = recorded.filter((version) => version < newest && !MIGRATIONS.includes(version));
  if (others.length > 0) {
    return fail(
      "migrations",
      `The database has ${others.length} migrations of this program's first version, and supabase db push refuses to go on from them.`,
      `One after the other (README, "Deploy"): npx supabase migration repair --status reverted ${others.join(" ")} ${DATABASE}; ${PUSH}; npm run replay -- --since 2026-11-01 --apply`,
    );
  }
  const missing = MIGRATIONS.filter((version) => !recorded.includes(version));
  if (missing.length > 0) return fail("migrations", `Not applied: ${missing.join(", ")}.`, APPLY);
  const last = recorded.at(-1) ?? "";
  return last > newest
    ? warn(
        "migrations",
        `The database has a newer migration (${last}) than this program knows.`,
        "Deploy the newest version: npx vercel --prod",
      )
    : ok("migrations", `All ${MIGRATIONS.length} are applied.`);
}
