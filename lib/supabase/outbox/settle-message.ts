import { z } from "zod/v3";
import type { Attempt } from "../../attempt.ts";
import { rpc, type Supabase } from "../client.ts";

const Settled = z.object({
  /** The message's state after it. */
  status: z.string().nullable(),
  /** How long until the next slot, in milliseconds. */
  wait_ms: z.number(),
});

/**
 * Says what became of a claim.
 *
 * @param startedMsAgo how long ago the request to Wasender started; null if none was made.
 */
export async function settleMessage(
  client: Supabase,
  leaseToken: string,
  attempt: Attempt,
  startedMsAgo: number | null,
  intervalMs: number,
) {
  const { outcome, ...detail } = attempt;
  return Settled.parse(
    await rpc(client, "settle_message", {
      p_lease_token: leaseToken,
      p_outcome: outcome,
      p_interval_ms: intervalMs,
      p_detail: detail,
      ...(startedMsAgo === null ? {} : { p_started_ms_ago: Math.ceil(startedMsAgo) }),
    }),
  );
}
