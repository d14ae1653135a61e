import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Started = z.object({
  id: z.number(),
  /** The highest id of the webhooks that were looked through. */
  scanned: z.number(),
  /** The highest id of those that are there. */
  webhooks: z.number(),
});

/** Begins the erasure of the customer who has this number (E.164), or goes on with one that was interrupted. */
export async function startErasure(client: Supabase, phoneNumber: string) {
  return Started.parse(await rpc(client, "start_erasure", { p_phone_number: phoneNumber }));
}
