import type { ErrorCode } from "./error-code.ts";

/** Why it was not sent: a code; the provider's own words and HTTP status, null if there are none. */
type Failure<Code extends ErrorCode> = { code: Code; detail: string | null; http_status: number | null };

/** What became of one send, by what to do next. Its fields have the names that settle_message takes. */
export type Attempt =
  /** The provider took it, under its own id if it gave one, and wants nothing more for so long. */
  | { outcome: "sent"; wasender_id: string | null; hold_ms: number | null; http_status: number | null }
  /** Final for this message. */
  | ({ outcome: "refused" } & Failure<"not_on_whatsapp" | "rejected">)
  /** Not now; `hold_ms` is null if the provider did not say for how long. Not the message's fault. */
  | ({ outcome: "rate_limited"; hold_ms: number | null } & Failure<"rate_limited">)
  /** Nothing can be sent until an operator mends it. Not the message's fault. */
  | ({ outcome: "paused"; pause_reason: "configuration" } & Failure<"key_refused" | "subscription" | "wrong_address">)
  | ({ outcome: "paused"; pause_reason: "session" } & Failure<"session_down">)
  /** Never left this machine: tried again, with a backoff and a limited number of times. */
  | ({ outcome: "not_sent"; retry: "later" } & Failure<"unreachable">)
  /** Given back before anything was sent: claimed again at once, and no attempt. */
  | ({ outcome: "not_sent"; retry: "at_once" } & Failure<"slot_missed">)
  /** May have arrived: never repeated by the program. */
  | ({ outcome: "unknown" } & Failure<"no_answer" | "server_error">);

/** The slot was over before anything could be written. */
export const SLOT_MISSED: Attempt = Object.freeze({
  outcome: "not_sent",
  retry: "at_once",
  code: "slot_missed",
  detail: null,
  http_status: null,
});

export type Sent = {
  attempt: Attempt;
  /** When the request began to be written, by performance.now(); null if nothing was. */
  startedAt: number | null;
  /** What the network said if no answer came: for the log. */
  cause: string | null;
};

/** What sends texts over WhatsApp: all that the outbox knows of a provider. No call throws. */
export type Sender = {
  /** Names the deployment and the key, without giving the key away: another one may work if this one was refused. */
  fingerprint: string;
  /** Sends a text to an E.164 number; nothing is written after `connectBy`, by performance.now(). */
  send(to: string, text: string, timing: { connectBy: number }): Promise<Sent>;
  /** Whether an E.164 number is on WhatsApp; null if the provider does not say within so many milliseconds. */
  exists(to: string, timeoutMs: number): Promise<boolean | null>;
  /** The session's state, `connected` if messages can go out; null if the provider does not say. */
  probe(): Promise<string | null>;
};
