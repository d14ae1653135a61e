import { z } from "zod/v3";
import type { HttpReply, NoHttpReply } from "../exchange.ts";
import { storable } from "../json.ts";
import { holdMs } from "../wasender/limits.ts";

/** What became of one attempt, by what can be done about it; the shape that settle_message takes. */
export type Attempt =
  /** Taken by Wasender. */
  | { outcome: "sent"; http_status: number; wasender_id: string | null; hold_ms: number | null; detail: null }
  /** Final for this message, with Wasender's reason. */
  | { outcome: "refused"; http_status: number; detail: string }
  /** Not now: the next slot moves. Not the message's fault. */
  | { outcome: "rate_limited"; http_status: number; hold_ms: number; detail: string }
  /** Nothing can be sent until somebody mends it. Not the message's fault. */
  | {
      outcome: "paused";
      http_status: number;
      pause_reason: "configuration" | "session";
      detail: string;
      fingerprint: string;
    }
  /** Never left this machine: may be tried again, so many times. */
  | { outcome: "not_sent"; detail: string; retry_ms: number; max_attempts: number }
  /** May have arrived: never repeated by the program. */
  | { outcome: "unknown"; http_status: number | null; detail: string };

export type AttemptContext = {
  /** Counting this attempt. */
  attempts: number;
  intervalMs: number;
  fingerprint: string;
  /** Unix time in milliseconds. */
  now: number;
  /** From 0 to 1. */
  random: number;
};

/** With the backoff below about a day of an unreachable Wasender: late is fine. */
export const MAX_ATTEMPTS = 60;
/** Also where Wasender says 0, so that no drain knocks without a pause. */
const SHORTEST_HOLD_MS = 1_000;
const FIRST_BACKOFF_MS = 5_000;
const LONGEST_BACKOFF_MS = 30 * 60_000;

const Success = z.object({
  success: z.literal(true),
  data: z
    .object({
      msgId: z
        .union([z.string().min(1).max(200), z.number()])
        .transform(String)
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
});
const Refusal = z.object({
  success: z.unknown().optional(),
  message: z.string().nullish().catch(null),
  error: z.string().nullish().catch(null),
  errors: z.unknown().optional(),
});

const SESSION_DOWN =
  /session.{0,20}(not |dis)connected|not connected.{0,20}connect|session.{0,20}(expired|logged out|need)/i;

/** Wasender's own table of answers (facts-wasender, "Sending"). */
export function classify(reply: HttpReply | NoHttpReply, context: AttemptContext): Attempt {
  if (reply.kind === "no_reply") {
    return reply.left
      ? { outcome: "unknown", http_status: null, detail: `No answer from Wasender (${reply.cause}).` }
      : notSent(`Wasender could not be reached (${reply.cause}).`, context);
  }
  const { status, headers, body } = reply;
  const success = Success.safeParse(body);
  const hold = holdMs(headers, body, context.now);
  if (status >= 200 && status < 300 && success.success) {
    return {
      outcome: "sent",
      http_status: status,
      wasender_id: success.data.data?.msgId ?? null,
      hold_ms: hold,
      detail: null,
    };
  }
  const words = wordsOf(reply);
  const refusal = Refusal.safeParse(body).data;
  // One number that is not on WhatsApp must not stop the others, whatever its code.
  if (refusal && /(jid|number) does not exist|not (exist )?on whatsapp/i.test(words)) {
    return { outcome: "refused", http_status: status, detail: words };
  }
  // Under whichever code, and under "message" or "error": recognised by its text.
  if (refusal && SESSION_DOWN.test(words)) {
    return {
      outcome: "paused",
      http_status: status,
      pause_reason: "session",
      detail: words,
      fingerprint: context.fingerprint,
    };
  }
  if (status === 429) {
    return {
      outcome: "rate_limited",
      http_status: status,
      hold_ms: Math.max(SHORTEST_HOLD_MS, hold ?? context.intervalMs),
      detail: words,
    };
  }
  // A key, a subscription, or an address (a redirect, an unknown path) that is wrong for every message alike.
  if ([401, 402, 403, 404, 405].includes(status) || (status >= 300 && status < 400)) {
    return {
      outcome: "paused",
      http_status: status,
      pause_reason: "configuration",
      detail: words,
      fingerprint: context.fingerprint,
    };
  }
  // An answer that says neither yes nor no may be a yes.
  if (status === 408 || status >= 500 || (status < 300 && refusal?.success !== false)) {
    return { outcome: "unknown", http_status: status, detail: `Wasender answered ${status}: ${words}` };
  }
  return { outcome: "refused", http_status: status, detail: words };
}

/** The claim was given back before anything was sent. */
export function notSent(detail: string, context: Pick<AttemptContext, "attempts" | "random">): Attempt {
  const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (context.attempts - 1));
  // Half of it at random, so that what failed together does not come back together.
  return {
    outcome: "not_sent",
    detail,
    retry_ms: Math.round(backoff / 2 + (backoff / 2) * context.random),
    max_attempts: MAX_ATTEMPTS,
  };
}

/** Wasender's reason, or what a page that is no JSON shows. */
function wordsOf({ status, body, text }: HttpReply): string {
  const refusal = Refusal.safeParse(body);
  if (!refusal.success) {
    const shown = text
      .replace(/<(script|style|title)\b.*?<\/\1>|<[^>]*>/gis, " ")
      .replace(/\s+/g, " ")
      .trim();
    return storable(shown.slice(0, 200)) || `HTTP ${status}`;
  }
  const { message, error, errors } = refusal.data;
  const words = [message || error || `HTTP ${status}`, ...(errors ? [JSON.stringify(errors)] : [])].join(" ");
  return storable(words.slice(0, 500));
}
