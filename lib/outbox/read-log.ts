import type { Config, WasenderConfig } from "../config.ts";
import type { NoReply, Reply } from "../exchange.ts";
import { claimLogRead } from "../supabase/chores/claim-log-read.ts";
import { recordLog, recordLogFailure } from "../supabase/chores/record-log.ts";
import { supabase } from "../supabase/client.ts";
import { getMessageLog } from "../wasender/client.ts";
import { parseMessageLog } from "../wasender/message-log.ts";

/** However many people watch, the log is read once in so many milliseconds. */
const LOG_EVERY_MS = 15_000;

/** Merges Wasender's own log of sent messages, where its two variables are set and it is time to. */
export async function readLog(config: Config, wasender: WasenderConfig): Promise<void> {
  const { wasenderLog } = config;
  if (!wasenderLog) return;
  const client = supabase(config);
  if (!(await claimLogRead(client, LOG_EVERY_MS))) return;
  const reply = await getMessageLog(wasender, wasenderLog);
  const entries = reply.kind === "reply" && reply.status === 200 ? parseMessageLog(reply.body) : null;
  if (entries) await recordLog(client, entries);
  else await recordLogFailure(client, logErrorOf(reply));
}

/** Why it could not be read, as whatsapp_sender.log_error holds it. */
function logErrorOf(reply: Reply | NoReply): string {
  if (reply.kind === "no_reply") return reply.left ? "no_answer" : "unreachable";
  if (reply.status === 200) return "unreadable";
  return [401, 402, 403].includes(reply.status) ? "key_refused" : "server_error";
}
