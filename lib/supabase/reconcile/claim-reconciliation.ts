import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

/**
 * Whether the caller must read CloudTalk's call history now; if so, no other caller does for `everyMs`.
 *
 * @param everyMs null if reading it is not set up.
 */
export async function claimReconciliation(client: Supabase, everyMs: number | null): Promise<boolean> {
  return z.boolean().parse(await rpc(client, "claim_reconciliation", everyMs === null ? {} : { p_every_ms: everyMs }));
}
