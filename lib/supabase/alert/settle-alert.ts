import { rpc, type Supabase } from "../client.ts";
import type { Alert } from "./claim-alerts.ts";

/** Records that the alert was delivered. */
export async function settleAlert(client: Supabase, { kind, over }: Alert): Promise<void> {
  await rpc(client, "settle_alert", { p_kind: kind, p_over: over });
}
