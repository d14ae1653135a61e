import { rpc, type Supabase } from "../client.ts";

/** Records that the clock has rung, so that a stopped clock is noticed. */
export async function recordRing(client: Supabase): Promise<void> {
  await rpc(client, "record_ring", {});
}
