import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Counts = z.object({ messages: z.number(), conversations: z.number(), calls: z.number(), webhooks: z.number() });

/** The customer's files are gone too. Returns how much was erased. */
export async function finishErasure(client: Supabase, erasureId: number) {
  return Counts.parse(await rpc(client, "finish_erasure", { p_id: erasureId }));
}
