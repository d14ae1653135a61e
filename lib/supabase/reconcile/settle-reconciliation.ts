import { rpc, type Supabase } from "../client.ts";

/** CloudTalk's history was read to the end, or why it was not. */
export async function settleReconciliation(client: Supabase, error: string | null): Promise<void> {
  await rpc(client, "settle_reconciliation", error === null ? {} : { p_error: error });
}
