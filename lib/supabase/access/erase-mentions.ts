import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Looked = z.object({ done: z.boolean(), looked: z.number() });

/** Erases what mentions the customer of an erasure among the next `limit` rows that belong to no customer. */
export async function eraseMentions(client: Supabase, erasureId: number, limit: number) {
  return Looked.parse(await rpc(client, "erase_mentions", { p_id: erasureId, p_limit: limit }));
}
