import { rpc, type Supabase } from "../client.ts";

/** The customer's files are gone too. */
export async function finishErasure(client: Supabase, erasureId: number): Promise<void> {
  await rpc(client, "finish_erasure", { p_id: erasureId });
}
