import { waitUntil } from "@vercel/functions";
import type { Config, WasenderConfig } from "../config.ts";
import { log } from "../log.ts";
import { claimLogRead } from "../supabase/claim-log-read.ts";
import { supabase } from "../supabase/client.ts";
import { recordLog, recordLogFailure } from "../supabase/record-log.ts";
import { getMessageLog } from "../wasender/client.ts";
import { parseMessageLog } from "../wasender/message-log.ts";

/** However many people watch, the log is read once in so many milliseconds. */
const LOG_EVERY_MS = 15_000;
/** What was merged longer ago no longer backs the feed. */
const LOG_FRESH_MS = 60_000;

/** Merges Wasender's own log of sent messages, where its two variables are set and it is time to. */
export async function readLog(config: Config, wasender: WasenderConfig): Promise<void> {
  const { wasenderLog } = config;
  if (!wasenderLog) return;
  const client = supabase(config);
  if (!(await claimLogRead(client, LOG_EVERY_MS))) return;
  const reply = await getMessageLog(wasender, wasenderLog);
  const entries = reply.kind === "reply" && reply.status === 200 ? parseMessageLog(reply.body) : null;
  if (entries) await recordLog(client, entries);
  else await recordLogFailure(client, reply.kind === "reply" ? `Wasender answered ${reply.status}.` : reply.cause);
}

/** Reads the log after the answer was given. */
export function startReadingLog(config: Config): void {
  const { wasender } = config;
  if (!wasender || !config.wasenderLog) return;
  const failed = (error: unknown) => log("error", "read-log", { error: String(error) });
  waitUntil(readLog(config, wasender).catch(failed));
}

/** What the feed rests on, and where that is not Wasender's log although it should be, why. */
export function dataSource(
  config: Config,
  { ok_at, error }: { ok_at: string | null; error: string | null },
  now: number,
): { source: "wasender" | "database"; source_error?: string } {
  if (!config.wasenderLog) return { source: "database" };
  if (error === null && ok_at !== null && now - Date.parse(ok_at) < LOG_FRESH_MS) return { source: "wasender" };
  return { source: "database", ...(error === null ? {} : { source_error: error }) };
}
