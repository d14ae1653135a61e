import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Chores = z.object({
  /** Messages whose WhatsApp id Wasender is to be asked for. */
  messages: z.array(z.object({ id: z.number(), wasender_id: z.string() })),
  /** LIDs whose number it is to be asked for. */
  lids: z.array(z.string()),
  /** A message waits for evidence of what became of it. */
  unknown: z.boolean(),
});

/** Takes what is to be asked of Wasender now, at most `limit` of each kind; nobody else gets the same for a while. */
export async function claimChores(client: Supabase, limit: number) {
  return Chores.parse(await rpc(client, "claim_chores", { p_limit: limit }));
}
