import { setTimeout as sleep } from "node:timers/promises";
import { type Attempt, type Sender, type Sent, SLOT_MISSED } from "../attempt.ts";
import type { Config } from "../config.ts";
import { FUNCTION_SECONDS } from "../function-time.ts";
import { log, maskPhone } from "../log.ts";
import { type Supabase, supabase } from "../supabase/client.ts";
import { claimMessage } from "../supabase/outbox/claim-message.ts";
import { confirmClaim } from "../supabase/outbox/confirm-claim.ts";
import { recordProbe } from "../supabase/outbox/record-probe.ts";
import { settle } from "./settle.ts";

/** What a claim promises, in milliseconds. */
const TERMS = Object.freeze({
  /** A function that holds an older lease is dead. */
  leaseMs: FUNCTION_SECONDS * 1_000,
  /**
   * How soon after its slot a request starts, so that slots keep their distance; doubled on a machine that is slower.
   */
  startWithinMs: 1_000,
  slowestStartMs: 16_000,
  /**
   * How long before its slot a message is claimed, so that the database's round trip is not added to every interval.
   */
  aheadMs: 50,
  /** How long the provider may take to say whether a number exists. */
  checkMs: 5_000,
});

/** How a drain waits, and is woken early. */
export type Wake = {
  /** Called before a claim: what is queued from now on ends the next wait. */
  look(): void;
  /** Waits until a time, by performance.now(), or until something that was queued meanwhile is due. */
  wait(until: number): Promise<void>;
};

export type DrainOptions = {
  /** Nothing is claimed after this time, by performance.now(). */
  until: number;
  wake?: Wake;
  /** Done once, while nothing can be sent. */
  meanwhile?: () => Promise<void>;
};

export type Drained = {
  /** Each message that was tried, with the state it has now. */
  messages: { id: number; status: string | null; outcome: Attempt["outcome"] }[];
  /** Why it stopped. */
  idle: "empty" | "slot" | "backoff" | "busy" | "paused" | "held" | "lids" | "out_of_time";
  /** When the next message could go, in milliseconds; null if waiting does not help. */
  wait_ms: number | null;
};

/**
 * Sends what is due, one message after the other, until nothing is, or the time is up.
 *
 * Safe to run any number of times at once: the claim gives out each message and each slot once.
 */
export async function drain(
  config: Config,
  sender: Sender,
  { until, wake = NEVER_EARLY, meanwhile = async () => undefined }: DrainOptions,
): Promise<Drained> {
  const client = supabase(config);
  const { fingerprint } = sender;
  const { minIntervalMs: intervalMs } = config;
  const messages: Drained["messages"] = [];
  let startWithinMs: number = TERMS.startWithinMs;
  let meanwhileDone = false;
  for (;;) {
    wake.look();
    const asked = performance.now();
    const { terms } = config;
    const claim = await claimMessage(client, { ...TERMS, intervalMs, startWithinMs, fingerprint, terms });
    if ("idle" in claim) {
      if (claim.probe && (await probe(client, sender))) continue;
      // The number behind a LID that must be known first is among what is learned meanwhile.
      if (!meanwhileDone || (claim.idle === "lids" && claim.wait_ms === 0)) {
        meanwhileDone = true;
        await meanwhile();
        // The slot may have come since.
        if (performance.now() < until) continue;
      }
      // A slot that comes soon is waited for; a message that backs off comes back with the clock.
      if (claim.wait_ms === null || claim.idle === "backoff" || performance.now() + claim.wait_ms > until) {
        return { messages, idle: claim.idle, wait_ms: claim.wait_ms };
      }
      await wake.wait(performance.now() + claim.wait_ms - TERMS.aheadMs);
      continue;
    }
    const { id, attempts, phone_number, text, lease_token, wait_ms, check } = claim.message;
    // Counted from before the claim was asked for, as the promise is.
    const startBy = asked + wait_ms + startWithinMs + (check ? TERMS.checkMs : 0);
    await atLeastUntil(performance.now() + wait_ms);
    if (check) {
      const exists = await sender.exists(phone_number, TERMS.checkMs);
      const { go } = await confirmClaim(client, lease_token, exists, intervalMs);
      if (!go && performance.now() > until) return { messages, idle: "out_of_time", wait_ms: null };
      if (!go) continue;
    }
    const { attempt, startedAt, cause } = await send(sender, phone_number, text, startBy);
    if (isGivenBack(attempt)) startWithinMs = Math.min(TERMS.slowestStartMs, startWithinMs * 2);
    const settled = await settle(
      client,
      { leaseToken: lease_token, attempts, intervalMs, fingerprint },
      attempt,
      startedAt,
    );
    messages.push({ id, status: settled.status, outcome: attempt.outcome });
    log(attempt.outcome === "sent" ? "info" : "warn", "send", {
      message: id,
      to: maskPhone(phone_number),
      outcome: attempt.outcome,
      code: "code" in attempt ? attempt.code : null,
      status: settled.status,
      cause,
    });
    if (performance.now() > until) return { messages, idle: "out_of_time", wait_ms: settled.wait_ms };
  }
}

const NEVER_EARLY: Wake = {
  look: () => undefined,
  wait: (until) => sleep(Math.max(0, until - performance.now())),
};

/** Sends, unless the database answered too late for the slot. */
async function send(sender: Sender, to: string, text: string, startBy: number): Promise<Sent> {
  const began = performance.now();
  if (began > startBy) return { attempt: SLOT_MISSED, startedAt: null, cause: null };
  const sent = await sender.send(to, text, { connectBy: startBy });
  if (isGivenBack(sent.attempt)) return sent;
  // The slot counts from when the request was written: connecting may take its time.
  return { ...sent, startedAt: sent.startedAt ?? began };
}

const isGivenBack = (attempt: Attempt) => attempt.outcome === "not_sent" && attempt.retry === "at_once";

/** Never less: a timer may be a little early. */
async function atLeastUntil(time: number): Promise<void> {
  for (let left = time - performance.now(); left > 0; left = time - performance.now()) await sleep(Math.ceil(left));
}

/** Asks whether a paused sender may go on. True if it may. */
async function probe(client: Supabase, sender: Sender): Promise<boolean> {
  const status = await sender.probe();
  if (status === null) return false;
  const { resumed } = await recordProbe(client, status);
  return resumed;
}
