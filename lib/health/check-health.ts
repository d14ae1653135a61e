import { type Config, readConfig } from "../config.ts";
import { configProblems, type Env } from "../environment.ts";
import { supabase } from "../supabase/client.ts";
import { DatabaseError, RefusedError } from "../supabase/database-error.ts";
import { healthReport, OtherReportError } from "../supabase/health/health-report.ts";
import { checkClock, checkHistory } from "./check-clock.ts";
import { checkDatabase } from "./check-database.ts";
import { checkFiles } from "./check-files.ts";
import { APPLY, checkMigrations } from "./check-migrations.ts";
import { checkSize } from "./check-size.ts";
import { checkTraffic } from "./check-traffic.ts";
import { checkVariables } from "./check-variables.ts";
import { checkNumber, checkWasender } from "./check-wasender.ts";
import { type Finding, fail } from "./finding.ts";

/**
 * Checks the environment, the database, Storage and Wasender. Never throws: a check that failed is a finding too.
 *
 * @param inside whether the caller has a secret. For others Wasender is not asked, whose requests are limited, and no
 *   file is stored.
 */
export async function checkHealth(env: Env, inside: boolean): Promise<Finding[]> {
  const variables = checkVariables(env);
  const unusable = variables.some(({ check, status }) => status === "fail" && check.startsWith("SUPABASE_"));
  if (unusable || configProblems(env).length > 0) return variables;
  const config = readConfig(env);
  const [database, wasender] = await Promise.all([
    checkReport(config, inside),
    inside && config.wasender ? Promise.all([checkWasender(config.wasender), ...checkNumber(config)]) : [],
  ]);
  return [...variables, ...database, ...wasender];
}

async function checkReport(config: Config, inside: boolean): Promise<Finding[]> {
  try {
    const report = await healthReport(supabase(config));
    return [
      ...checkDatabase(report, config.supabase),
      checkSize(report, config.databaseLimitBytes),
      ...(inside ? await checkFiles(config) : []),
      checkClock(report, config.secrets.CRON_SECRET),
      ...checkHistory(report, config.cloudtalkApi !== null),
      ...checkTraffic(report),
    ];
  } catch (error) {
    return [explain(error, config)];
  }
}

function explain(error: unknown, { supabase: { url, appSecret } }: Config): Finding {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof OtherReportError) {
    const finding = checkMigrations(error.migrations);
    if (finding.status !== "ok") return finding;
  }
  // PostgreSQL's insufficient_privilege.
  if (error instanceof DatabaseError && error.code === "42501") {
    return appSecret
      ? fail(
          "database",
          "The database does not know SUPABASE_APP_SECRET.",
          "In the SQL editor: select private.add_app_secret('…'); with the value of SUPABASE_APP_SECRET.",
        )
      : fail(
          "database",
          "SUPABASE_KEY may not call the program's functions.",
          "Use the secret key (sb_secret_…): Supabase, Project Settings, API Keys.",
        );
  }
  if (error instanceof RefusedError) {
    return fail(
      "database",
      `Supabase refuses SUPABASE_KEY (${message}).`,
      "Copy the key again, from the project of SUPABASE_URL: Supabase, Project Settings, API Keys.",
    );
  }
  // PostgREST: no such function; PostgreSQL: undefined_function.
  if (error instanceof DatabaseError && (error.code === "PGRST202" || error.code === "42883")) {
    return fail("migrations", "The database has no function health_report: the migrations are not applied.", APPLY);
  }
  return fail(
    "database",
    `${new URL(url).host} does not answer as it should (${message}).`,
    "Check SUPABASE_URL; and whether the project is paused: Supabase pauses a free one after a week without use.",
  );
}
