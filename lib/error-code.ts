/**
 * Why a message failed, waits, is unknown or was withdrawn; the code that shows it makes the words. The database holds
 * the same list (whatsapp_messages_error_code_check).
 */
export const ERROR_CODES = [
  // What became of an attempt.
  "not_on_whatsapp",
  "rejected",
  "rate_limited",
  "session_down",
  "key_refused",
  "subscription",
  "wrong_address",
  "unreachable",
  "no_answer",
  "server_error",
  "lease_expired",
  "slot_missed",
  "delivery_failed",
  "restricted",
  // Why an ask was withdrawn before it left.
  "no_phone_number",
  "payload_says_no",
  "nobody_talked",
  "bill_already_received",
  "too_old",
  "asked_recently",
  "duplicate_call",
  "answered",
  "objection",
  "superseded",
  "held_too_long",
  "case_complete",
  "bills_to_check",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Why nothing can be sent until a person changes something (whatsapp_sender_paused_code_check). */
export const PAUSE_CODES = [
  "session_down",
  "key_refused",
  "subscription",
  "wrong_address",
  "staff",
  "restricted",
] as const;

/** Why a queued message waits; the last five: why it is withdrawn when its turn comes (private.hold). */
export const HOLD_REASONS = [
  "paused",
  "staff",
  "restricted",
  "hours",
  "cap",
  "backoff",
  "slot",
  "objection",
  "superseded",
  "bill",
  "case",
  "held_too_long",
] as const;

/** Why the provider's log of messages could not be read; `unreadable` is an answer that is no log. */
export const LOG_CODES = ["unreachable", "no_answer", "key_refused", "server_error", "unreadable"] as const;
export type LogCode = (typeof LOG_CODES)[number];

/** Why a call gets an ask, or none (private.ask_reason); `legacy` was decided by the previous system. */
export const CALL_REASONS = [
  "eligible",
  "no_phone_number",
  "objection",
  "payload_says_no",
  "nobody_talked",
  "case_complete",
  "bills_to_check",
  "bill_already_received",
  "too_old",
  "asked_recently",
  "legacy",
  "erased",
] as const;
