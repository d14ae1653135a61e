import { setTimeout as sleep } from "node:timers/promises";
import type { Attempt } from "../attempt.ts";
import type { Supabase } from "../supabase/client.ts";
import { settleMessage } from "../supabase/outbox/settle-message.ts";

/** With the backoff below about a day of a provider that cannot be reached: late is fine. */
export const MAX_ATTEMPTS = 60;
/** Even if the provider says 0, so that no drain asks without a pause. */
const SHORTEST_HOLD_MS = 1_000;
const FIRST_BACKOFF_MS = 5_000;
const LONGEST_BACKOFF_MS = 30 * 60_000;
const TRIES = 5;

export type Claim = {
  leaseToken: string;
  /** Counting this one. */
  attempts: number;
  intervalMs: number;
  fingerprint: string;
};

/**
 * Writes down what became of a claim. If that fails it is tried again, for as long as the lease protects the claim.
 *
 * @param startedAt when the request began to be written, by performance.now(); null if nothing was.
 */
export async function settle(client: Supabase, claim: Claim, attempt: Attempt, startedAt: number | null) {
  const settled = withTerms(attempt, claim, Math.random());
  for (let tries = 1; ; tries++) {
    try {
      const startedMsAgo = startedAt === null ? null : performance.now() - startedAt;
      return await settleMessage(client, claim.leaseToken, settled, startedMsAgo, claim.intervalMs);
    } catch (error) {
      if (tries === TRIES) throw error;
      await sleep(200 * 2 ** tries);
    }
  }
}

/** The attempt with the outbox's own terms: how long the queue holds, when the message is tried again. */
export function withTerms(
  attempt: Attempt,
  { attempts, intervalMs, fingerprint }: Omit<Claim, "leaseToken">,
  random: number,
): Attempt & { fingerprint?: string; retry_ms?: number; max_attempts?: number } {
  switch (attempt.outcome) {
    case "rate_limited":
      return { ...attempt, hold_ms: Math.max(SHORTEST_HOLD_MS, attempt.hold_ms ?? intervalMs) };
    case "paused":
      return { ...attempt, fingerprint };
    case "not_sent":
      return attempt.retry === "at_once"
        ? attempt
        : { ...attempt, retry_ms: backoffMs(attempts, random), max_attempts: MAX_ATTEMPTS };
    default:
      return attempt;
  }
}

/** @param random from 0 to 1: half of the backoff, so that what failed together does not come back together. */
function backoffMs(attempts: number, random: number): number {
  const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempts - 1));
  return Math.round(backoff / 2 + (backoff / 2) * random);
}
