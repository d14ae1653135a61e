// The database's functions as the app calls them, without HTTP before them: SQL for any connection.
import type { Call } from "../../lib/cloudtalk/call.ts";
import type { WasenderEvent } from "../../lib/wasender/event.ts";

const literal = (value: unknown): string => {
  if (value === null || value === undefined) return "null";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (Array.isArray(value) && value.every((one) => typeof one === "number")) return `array[${value}]::bigint[]`;
  return `${literal(JSON.stringify(value))}::jsonb`;
};

/** `select public.name(...) as answer`, with named arguments. */
export const call = (name: string, args: Record<string, unknown> = {}): string =>
  `select public.${name}(${Object.entries(args).map(([key, value]) => `${key} => ${literal(value)}`)}) as answer`;

/** A webhook as it is kept, in the shape of a stored request. */
const request = (source: string, body: unknown) => ({ source, method: "POST", path: "/", url: "/", body });

/** A webhook of Wasender with these events. */
export const webhook = (...events: Partial<WasenderEvent>[]): string =>
  call("record_wasender_webhook", { p_request: request("wasender", events), p_events: events });

/** A customer's message. Without a time of its own it is one that was written now. */
export const incoming = (whatsappId: string, from: { phone?: string; lid?: string }, more: object = {}) => ({
  kind: "incoming" as const,
  whatsapp_id: whatsappId,
  phone_number: from.phone ?? null,
  lid: from.lid ?? null,
  contact_name: null,
  type: "text" as const,
  text: `words of ${whatsappId}`,
  media: null,
  quoted_whatsapp_id: null,
  message_at: new Date().toISOString(),
  ...more,
});

/** A message from our side, as WhatsApp tells of it. */
export const echo = (whatsappId: string, to: { phone?: string; lid?: string }, text: string, more: object = {}) => ({
  ...incoming(whatsappId, to),
  kind: "outgoing" as const,
  wasender_id: null,
  status: "sent" as const,
  text,
  ...more,
});

type State = "sent" | "delivered" | "read" | "failed";

/** A state that WhatsApp tells of a message, by one of its ids or both. */
export const state = (status: State, whatsappId: string | null, wasenderId: string | null = null) => ({
  kind: "status" as const,
  whatsapp_id: whatsappId,
  wasender_id: wasenderId,
  status,
  error: null,
});

export const ASK = "Buongiorno, mi manda le bollette?";

/** A call that has ended, and by default one of which the customer is asked for the bills. */
export const ended = (fields: Partial<Call>, ask: object = {}) =>
  call("record_cloudtalk_webhook", {
    p_request: request("cloudtalk", fields),
    p_call: { talked: true, stated_should_send: true, ...fields },
    p_ask: { text: ASK, cooldown_hours: 0, after_bill: false, ...ask },
  });

/** Takes the next message at once: the slot never makes it wait. */
export const claim = (fingerprint = "key"): string =>
  call("claim_message", {
    p_interval_ms: 0,
    p_start_within_ms: 0,
    p_lease_ms: 60_000,
    p_fingerprint: fingerprint,
    p_ahead_ms: 1_000,
  });

/** What became of a claim; `started` tells whether a request was made. */
export const settle = (token: string, outcome: string, detail: object = {}, started = true): string =>
  call("settle_message", {
    p_lease_token: token,
    p_outcome: outcome,
    p_interval_ms: 0,
    p_detail: detail,
    p_started_ms_ago: started ? 1 : null,
  });
