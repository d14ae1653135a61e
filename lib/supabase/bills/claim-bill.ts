import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Claimed = z.object({
  id: z.number(),
  message_id: z.number(),
  lease_token: z.string(),
  /** Counting this one. */
  attempts: z.number(),
  /** Null if the file was deleted meanwhile. */
  path: z.string().nullable(),
  mime_type: z.string().nullable(),
});
export type ClaimedBill = z.infer<typeof Claimed>;

/** Takes the next bill file to read; no other caller gets it until the lease is over. Null if as many as may are reading. */
export async function claimBill(client: Supabase, leaseMs: number, mostReaders: number): Promise<ClaimedBill | null> {
  const answer = await rpc(client, "claim_bill", { p_lease_ms: leaseMs, p_most_readers: mostReaders });
  return z.object({ bill: Claimed.nullable() }).parse(answer).bill;
}
