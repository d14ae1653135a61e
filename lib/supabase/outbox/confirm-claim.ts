import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Confirmed = z.object({
  /** If not, nothing is sent, and the message is settled. */
  go: z.boolean(),
});

/** Whether a claimed message's number is on WhatsApp (null: unknown), and whether the message may still go. */
export async function confirmClaim(client: Supabase, leaseToken: string, exists: boolean | null, intervalMs: number) {
  return Confirmed.parse(
    await rpc(client, "confirm_claim", {
      p_lease_token: leaseToken,
      p_interval_ms: intervalMs,
      ...(exists === null ? {} : { p_exists: exists }),
    }),
  );
}
