import type { Config } from "../config.ts";
import type { MonitorState } from "../supabase/monitor/feed.ts";

type Log = MonitorState["log"];

/** A log that was merged longer ago no longer backs the feed. In milliseconds. */
const LOG_FRESH_MS = 60_000;

/** What the feed rests on; and the code of the reason, if that should be Wasender's log and is not. */
export function dataSource(
  config: Config,
  { ok_at, error }: Pick<Log, "ok_at" | "error">,
  now: number,
): { source: "wasender" | "database"; source_error?: NonNullable<Log["error"]> } {
  if (!config.wasenderLog) return { source: "database" };
  if (error === null && ok_at !== null && now - Date.parse(ok_at) < LOG_FRESH_MS) return { source: "wasender" };
  return { source: "database", ...(error === null ? {} : { source_error: error }) };
}
