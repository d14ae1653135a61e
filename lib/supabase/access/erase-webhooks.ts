import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Scanned = z.object({ done: z.boolean(), scanned: z.number(), emptied: z.number() });

/** Empties those of the next so many stored webhooks that concern the customer of an erasure. */
export async function eraseWebhooks(client: Supabase, erasureId: number, limit: number) {
  return Scanned.parse(await rpc(client, "erase_webhooks", { p_id: erasureId, p_limit: limit }));
}
