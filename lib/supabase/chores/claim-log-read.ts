import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

/** Whether the caller may read Wasender's log now; if so, no other caller may for `everyMs`. */
export async function claimLogRead(client: Supabase, everyMs: number): Promise<boolean> {
  return z.boolean().parse(await rpc(client, "claim_log_read", { p_every_ms: everyMs }));
}
