import type { Config, WasenderConfig } from "../config.ts";
import type { LogCode } from "../error-code.ts";
import type { HttpReply, NoHttpReply } from "../exchange.ts";
import { claimLogRead } from "../supabase/chores/claim-log-read.ts";
import { recordLog, recordLogFailure } from "../supabase/chores/record-log.ts";
import { supabase } from "../supabase/client.ts";
import { getMessageLog } from "../wasender/client.ts";
import { parseMessageLog } from "../wasender/message-log.ts";

/** However many people watch, the log is read once in so many milliseconds. */
const LOG_EVERY_MS = 15_000;

/** Merges Wasender's own log of sent messages, if its two variables are set and the last time is long enough ago. */
export async function readLog(config: Config, wasender: WasenderConfig): Promise<void> {
  const { wasenderLog } = config;
  if (!wasenderLog) return;
  const client = supabase(config);
  if (!(await claimLogRead(client, LOG_EVERY_MS))) return;
  const reply = await getMessageLog(wasender, wasenderLog);
  const entries = reply.kind === "reply" && reply.status === 200 ? parseMessageLog(reply.body) : null;
  if (entries) await recordLog(client, entries);
  else await recordLogFailure(client, codeOf(reply));
}

function codeOf(reply: HttpReply | NoHttpReply): LogCode {
  if (reply.kind === "no_reply") return reply.left ? "no_answer" : "unreachable";
  if ([401, 402, 403].includes(reply.status)) return "key_refused";
  return reply.status === 408 || reply.status === 429 || reply.status >= 500 ? "server_error" : "unreadable";
}
