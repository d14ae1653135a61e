import type { LogEntry } from "../../wasender/message-log.ts";
import { rpc, type Supabase } from "../client.ts";

/** Merges Wasender's message log into the messages, by id, else by number, words and time. */
export async function recordLog(client: Supabase, entries: LogEntry[]): Promise<void> {
  await rpc(client, "record_log", { p_entries: entries });
}

/** Keeps why the log could not be read. */
export async function recordLogFailure(client: Supabase, why: string): Promise<void> {
  await rpc(client, "record_log", { p_entries: [], p_error: why });
}
