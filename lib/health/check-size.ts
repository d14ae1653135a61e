import type { HealthReport } from "../supabase/health/health-report.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const WARN = 0.8;
const FAIL = 0.95;

/** How near is the database to the size at which Supabase only lets it be read? Then every webhook is refused. */
export function checkSize({ size }: HealthReport, limit: number | null): Finding {
  const now = inMegabytes(size.bytes);
  if (limit === null) return ok("size", `The database has ${now}.`);
  const share = size.bytes / limit;
  const of = `The database has ${now} of ${inMegabytes(limit)} (${Math.floor(share * 100)} %)`;
  if (share < WARN) return ok("size", `${of}.`);
  const largest = size.largest.map(({ name, bytes }) => `${name} ${inMegabytes(bytes)}`).join(", ");
  return (share < FAIL ? warn : fail)(
    "size",
    `${of}; when it is full, Supabase only lets it be read, and calls and replies are lost. The largest tables: ${largest}.`,
    "Let WEBHOOK_RETENTION_DAYS empty stored webhooks sooner (files are in Storage, not here), or take a larger plan and set SUPABASE_DATABASE_LIMIT_MB to what it allows.",
  );
}

const inMegabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;
