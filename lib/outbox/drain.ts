import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod/v3";
import type { Wake } from "../background.ts";
import { doChores } from "../chores/do-chores.ts";
import type { Config, WasenderConfig } from "../config.ts";
import { log, maskPhone } from "../log.ts";
import { type Supabase, supabase } from "../supabase/client.ts";
import { claimMessage } from "../supabase/outbox/claim-message.ts";
import { recordProbe } from "../supabase/outbox/record-probe.ts";
import { settleMessage } from "../supabase/outbox/settle-message.ts";
import { getStatus, sendMessage } from "../wasender/client.ts";
import { type Attempt, classify } from "./attempt.ts";

/**
 * How long a drain goes on claiming, in milliseconds: with the last request's timeout and its settling it stays within
 * the 60 seconds that vercel.json gives a function.
 */
const DRAIN_BUDGET_MS = 35_000;
/** Longer than a function lives after a claim: whoever holds an older lease is dead. */
const LEASE_MS = 60_000;
/** How soon after asking for the claim its request must start, so that slots keep their distance. Doubles where a machine is slower. */
const START_WITHIN_MS = 1_000;
const SLOWEST_START_MS = 16_000;
const SETTLE_TRIES = 5;
/** How long before its slot a message is claimed, so that the way to the database is not added to every interval. */
const AHEAD_MS = 50;

export type Drained = {
  /** Each message that was tried, with the state it has now. */
  messages: { id: number; status: string | null; outcome: Attempt["outcome"] }[];
  /** Why it stopped. */
  idle: "empty" | "slot" | "backoff" | "busy" | "paused" | "out_of_time";
  /** When the next message could go, in milliseconds; null where waiting does not help. */
  wait_ms: number | null;
};

/**
 * Sends what is due, one message after the other, until nothing is, or the time is up.
 *
 * Safe to run any number of times at once: the claim hands out each message and each slot once.
 *
 * @param wake interrupts it while it waits: something new was queued.
 */
export async function drain(
  config: Config,
  wasender: WasenderConfig,
  budgetMs = DRAIN_BUDGET_MS,
  wake?: Wake,
): Promise<Drained> {
  // Before the first claim, whose slot would not wait for it.
  await import("undici");
  const client = supabase(config);
  const deadline = performance.now() + budgetMs;
  const messages: Drained["messages"] = [];
  let startWithinMs = START_WITHIN_MS;
  let choresDone = false;
  for (;;) {
    // Taken before the claim, so that what is queued while it is answered is not missed.
    const signal = wake?.();
    const asked = performance.now();
    const terms = {
      intervalMs: config.minIntervalMs,
      startWithinMs,
      leaseMs: LEASE_MS,
      fingerprint: wasender.fingerprint,
      aheadMs: AHEAD_MS,
    };
    const claim = await claimMessage(client, terms);
    if ("idle" in claim) {
      if (claim.probe && (await probe(client, wasender))) continue;
      // While nothing can be sent there is time for what keeps the messages true; then the slot may have come.
      if (!choresDone) {
        choresDone = true;
        await doChores(config, wasender);
        continue;
      }
      // A slot that comes soon is waited for; a message that backs off comes back with the clock.
      if (claim.wait_ms === null || claim.idle === "backoff" || performance.now() + claim.wait_ms > deadline) {
        return { messages, idle: claim.idle, wait_ms: claim.wait_ms };
      }
      const wait = Math.max(0, claim.wait_ms - AHEAD_MS);
      await sleep(wait, undefined, signal && { signal }).catch(() => undefined);
      continue;
    }
    const { id, attempts, phone_number, text, lease_token, wait_ms } = claim.message;
    // Counted from before the claim was asked for, as the promise is.
    const startBy = asked + wait_ms + startWithinMs;
    await until(performance.now() + wait_ms);
    let attempt: Attempt;
    let started: number | null = null;
    if (performance.now() > startBy) {
      attempt = givenBack("The database answered too slowly for the slot.");
    } else {
      started = performance.now();
      const reply = await sendMessage(wasender, phone_number, text, { connectBy: startBy });
      // The slot is counted from here: a connection may take its time.
      started = reply.startedAt ?? started;
      const context = { attempts, intervalMs: config.minIntervalMs, fingerprint: wasender.fingerprint };
      attempt = classify(reply, { ...context, now: Date.now(), random: Math.random() });
      if (reply.kind === "no_reply" && reply.late) {
        attempt = givenBack("The connection to Wasender stood too late for the slot.");
        started = null;
      }
    }
    // On a slow machine or network the promise has to be a longer one.
    if (started === null) startWithinMs = Math.min(SLOWEST_START_MS, startWithinMs * 2);
    const settled = await settle(client, lease_token, attempt, started, config.minIntervalMs);
    messages.push({ id, status: settled.status, outcome: attempt.outcome });
    log(attempt.outcome === "sent" ? "info" : "warn", "send", {
      message: id,
      to: maskPhone(phone_number),
      outcome: attempt.outcome,
      status: settled.status,
      http_status: "http_status" in attempt ? attempt.http_status : null,
    });
    if (performance.now() > deadline) return { messages, idle: "out_of_time", wait_ms: settled.wait_ms };
  }
}

/** Waits until a time by performance.now(), and never less: a timer may be a little early. */
async function until(time: number): Promise<void> {
  for (let left = time - performance.now(); left > 0; left = time - performance.now()) await sleep(Math.ceil(left));
}

/** The slot was over before anything could be written: the message is claimed again at once, and it was no attempt. */
const givenBack = (detail: string): Attempt => ({ outcome: "not_sent", detail, retry_ms: 0, max_attempts: 1e6 });

/** What was sent must be written down: a settle that fails is tried again, for as long as the lease protects it. */
async function settle(client: Supabase, token: string, attempt: Attempt, started: number | null, intervalMs: number) {
  for (let tries = 1; ; tries++) {
    try {
      return await settleMessage(
        client,
        token,
        attempt,
        started === null ? null : performance.now() - started,
        intervalMs,
      );
    } catch (error) {
      if (tries === SETTLE_TRIES) throw error;
      await sleep(200 * 2 ** tries);
    }
  }
}

const Status = z.object({ status: z.string().min(1).max(40) });

/** Asks Wasender whether a paused sender may go on. True where it may. */
async function probe(client: Supabase, wasender: WasenderConfig): Promise<boolean> {
  const reply = await getStatus(wasender);
  const parsed = reply.kind === "reply" && reply.status === 200 ? Status.safeParse(reply.body) : null;
  if (!parsed?.success) return false;
  const { resumed } = await recordProbe(client, parsed.data.status.toLowerCase());
  return resumed;
}
