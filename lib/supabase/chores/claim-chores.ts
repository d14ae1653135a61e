import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Chores = z.object({
  /** Messages whose WhatsApp id must be asked of Wasender. */
  messages: z.array(z.object({ id: z.number(), wasender_id: z.string() })),
  /** LIDs whose number must be asked of Wasender. */
  lids: z.array(z.string()),
  /** A message waits for evidence of what became of it. */
  unknown: z.boolean(),
});

/** Takes what to ask Wasender now, at most `limit` of each kind; no other caller gets the same for a while. */
export async function claimChores(client: Supabase, limit: number) {
  return Chores.parse(await rpc(client, "claim_chores", { p_limit: limit }));
}
