import { createHash } from "node:crypto";
import type { HealthReport } from "../supabase/health/health-report.ts";
import { ago, msSince } from "./duration-words.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

/** As supabase/schemas/project/clock.sql schedules them. */
const RING = "select cron.schedule('outbox-clock', '5 seconds', 'select private.ring_outbox()');";
const CLEAR = "select cron.schedule('outbox-clock-log', '17 3 * * *', 'select private.clear_clock_log()');";
const VAULT = "npm run setup prints the lines for the SQL editor that put both into Vault.";
/** Something is due at least once an hour. */
const SILENT_MS = 75 * 60_000;
const LATE_MS = 5 * 60_000;

/** Does a clock ring POST /api/outbox, and do its requests arrive? */
export function checkClock({ clock, sender, now }: HealthReport, cronSecrets: readonly string[]): Finding {
  const heard = ago(sender.heard_at, now);
  const silent = msSince(sender.heard_at, now);
  const stopped = silent > SILENT_MS || (clock.due && silent > LATE_MS);
  if (!clock.available) {
    return stopped
      ? fail(
          "clock",
          `Nothing rings POST /api/outbox (last ring: ${heard}), and pg_cron and pg_net are not there.`,
          `Supabase, Database, Extensions: switch pg_cron and pg_net on, then in the SQL editor: ${RING} ${CLEAR} Or let another clock ring every minute.`,
        )
      : ok("clock", `Another clock than Supabase Cron rings. Last ring: ${heard}.`);
  }
  if (clock.job === null || !clock.job.active) {
    return fail(
      "clock",
      clock.job === null ? "Supabase Cron has no job outbox-clock." : "The job outbox-clock is switched off.",
      `In the SQL editor: ${RING} ${CLEAR}`,
    );
  }
  const missing = [
    clock.outbox_url === null ? "outbox_url" : null,
    clock.cron_secret === null ? "cron_secret" : null,
  ].filter((name) => name !== null);
  if (missing.length > 0)
    return fail("clock", `Vault does not hold ${missing.join(" and ")}: the clock cannot ring.`, VAULT);
  if (!/^https:\/\/[^/]+\/api\/outbox$/.test(clock.outbox_url ?? "")) {
    return fail(
      "clock",
      `Vault's outbox_url is ${clock.outbox_url}; it ends in /api/outbox and begins with https://.`,
      VAULT,
    );
  }
  if (cronSecrets.length > 0 && !cronSecrets.some((secret) => partOfHash(secret) === clock.cron_secret)) {
    return fail("clock", "Vault's cron_secret is not the CRON_SECRET that is set here: every ring is refused.", VAULT);
  }
  if (!stopped) {
    return clock.log_job
      ? ok("clock", `Last ring: ${heard}.`)
      : warn(
          "clock",
          `Last ring: ${heard}, but what Supabase Cron notes of each run is never cleared: 3 MB a day.`,
          `In the SQL editor: ${CLEAR}`,
        );
  }
  if (msSince(sender.rang_at, now) < LATE_MS) {
    const { status, error } = clock.last_answer ?? { status: null, error: null };
    const answer = status !== null ? `the last answer was ${status}` : (error ?? "there was no answer");
    return fail(
      "clock",
      `It rings ${clock.outbox_url}, but no ring arrives (last ring: ${heard}; ${answer}).`,
      "401: deployment protection is on for that address (Vercel, Settings, Deployment Protection), or it is another deployment's. 404: the address is wrong. Use the production domain.",
    );
  }
  const { status, message } = clock.last_run ?? { status: null, message: null };
  return fail(
    "clock",
    `It does not ring (last ring: ${heard}), and the job's last run ended ${status ?? "never"}${message ? ` (${message})` : ""}.`,
    "Look at Supabase, Integrations, Cron, outbox-clock, History.",
  );
}

/** As health_report gives it: enough to compare, too little to use. */
const partOfHash = (secret: string) => createHash("sha256").update(secret).digest("hex").slice(0, 16);

/** Was CloudTalk's call history read, and did it hold calls without a webhook? */
export function checkHistory({ history, now }: HealthReport, configured: boolean): Finding[] {
  if (!configured) return [];
  if (history.error !== null) {
    return [
      warn(
        "call history",
        `CloudTalk's call history could not be read: ${history.error}`,
        "CloudTalk, Account, Settings, API keys: make a new key if this one is refused. Otherwise it is tried again in ten minutes.",
      ),
    ];
  }
  if (msSince(history.ok_at, now) > LATE_MS * 6) {
    return [
      warn(
        "call history",
        `CloudTalk's call history was read ${ago(history.ok_at, now)}; every ten minutes would be right.`,
        "It is read when the clock rings: see there.",
      ),
    ];
  }
  return history.found > 0
    ? [
        warn(
          "call history",
          `${history.found} calls of the last 24 hours had no webhook and were found in CloudTalk's history (read ${ago(history.ok_at, now)}).`,
          "Look at the CloudTalk workflow: is it on, for all calls, with the right address and header?",
        ),
      ]
    : [ok("call history", `Read ${ago(history.ok_at, now)}; no webhook was missed.`)];
}
