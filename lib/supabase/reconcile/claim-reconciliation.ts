import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

/**
 * Whether the caller is to read CloudTalk's call history now; then nobody else is for `everyMs`.
 *
 * @param everyMs null where reading it is not set up.
 */
export async function claimReconciliation(client: Supabase, everyMs: number | null): Promise<boolean> {
  return z.boolean().parse(await rpc(client, "claim_reconciliation", everyMs === null ? {} : { p_every_ms: everyMs }));
}
