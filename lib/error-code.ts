/**
 * Why a message failed, waits, is unknown or was withdrawn; whoever shows it makes the words. The database holds the same
 * list (whatsapp_messages_error_code_check).
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
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];
