import { rpc, type Supabase } from "../client.ts";

/** The clock was heard: whether it stands still is seen by this. */
export async function recordRing(client: Supabase): Promise<void> {
  await rpc(client, "record_ring", {});
}
