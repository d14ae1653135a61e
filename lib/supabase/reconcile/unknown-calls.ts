import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

/** What recognises a call of CloudTalk's history. Times are ISO 8601. */
export type HistoryMark = {
  cdr_id: string;
  call_id: string;
  phone_number: string | null;
  call_start_time: string | null;
  call_end_time: string | null;
};

const Unknown = z.object({
  cdr_id: z.string(),
  /** A webhook has reported it; only its id in the history is new. */
  known: z.boolean(),
});

/**
 * Those calls that were not seen in the history before, in the order in which to record them. Calls that cannot be
 * distinguished yet from one that has just ended are left out.
 *
 * @param calls all of the customers' calls of that time: they can only be matched together.
 */
export async function unknownCalls(client: Supabase, calls: HistoryMark[]) {
  return z.array(Unknown).parse(await rpc(client, "unknown_calls", { p_calls: calls }));
}
