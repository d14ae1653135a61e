import type { Alert } from "./claim-alerts.ts";
import { call, type Supabase } from "./client.ts";

/** It was told. */
export async function settleAlert(client: Supabase, { kind, over }: Alert): Promise<void> {
  await call(client, "settle_alert", { p_kind: kind, p_over: over });
}
