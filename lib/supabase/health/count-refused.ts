import { rpc, type Supabase } from "../client.ts";

/** So many more requests came to a webhook's address without its secret. */
export async function countRefused(client: Supabase, source: "cloudtalk" | "wasender", count: number): Promise<void> {
  await rpc(client, "count_refused", { p_source: source, p_count: count });
}
