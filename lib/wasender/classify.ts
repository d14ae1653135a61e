import { z } from "zod/v3";
import { type Attempt, SLOT_MISSED } from "../attempt.ts";
import type { HttpReply, NoHttpReply } from "../exchange.ts";
import { storable } from "../json.ts";
import { holdMs } from "./limits.ts";

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

const NOT_ON_WHATSAPP = /(jid|number) does not exist|not (exist )?on whatsapp/i;
const SESSION_DOWN =
  /session.{0,20}(not |dis)connected|not connected.{0,20}connect|session.{0,20}(expired|logged out|need)/i;

/**
 * What Wasender's answer to a send means (Wasender's documentation, on sending).
 *
 * @param now Unix time in milliseconds.
 */
export function classify(reply: HttpReply | NoHttpReply, now: number): Attempt {
  if (reply.kind === "no_reply") {
    if (reply.late) return SLOT_MISSED;
    const silent = { detail: null, http_status: null };
    return reply.left
      ? { outcome: "unknown", code: "no_answer", ...silent }
      : { outcome: "not_sent", retry: "later", code: "unreachable", ...silent };
  }
  const { status, headers, body } = reply;
  const success = Success.safeParse(body);
  const hold_ms = holdMs(headers, body, now);
  if (status >= 200 && status < 300 && success.success) {
    return { outcome: "sent", http_status: status, wasender_id: success.data.data?.msgId ?? null, hold_ms };
  }
  const said = { detail: wordsOf(reply), http_status: status };
  // A 5xx and a 408 are no clear no, whatever their words; a 2xx is one only if it says so.
  const saysNo = (status >= 400 && status < 500 && status !== 408) || (status < 300 && isRefusal(body));
  // Under several statuses, and under "message" or "error": recognised by their words.
  if (saysNo && Refusal.safeParse(body).success && said.detail !== null) {
    // One number that is not on WhatsApp must not stop the others.
    if (NOT_ON_WHATSAPP.test(said.detail)) return { outcome: "refused", code: "not_on_whatsapp", ...said };
    if (SESSION_DOWN.test(said.detail)) {
      return { outcome: "paused", pause_reason: "session", code: "session_down", ...said };
    }
  }
  // What is wrong for every message alike; a redirect or an unknown path is an address that is wrong.
  const paused = { outcome: "paused", pause_reason: "configuration", ...said } as const;
  if (status === 429) return { outcome: "rate_limited", code: "rate_limited", hold_ms, ...said };
  if (status === 401) return { ...paused, code: "key_refused" };
  if (status === 402 || status === 403) return { ...paused, code: "subscription" };
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) return { ...paused, code: "wrong_address" };
  if (saysNo) return { outcome: "refused", code: "rejected", ...said };
  // An answer that says neither yes nor no may be a yes.
  return { outcome: "unknown", code: "server_error", ...said };
}

const isRefusal = (body: unknown) => Refusal.safeParse(body).data?.success === false;

/** Wasender's reason, or what a page that is no JSON shows; null if it says nothing. */
function wordsOf({ body, text }: HttpReply): string | null {
  const refusal = Refusal.safeParse(body);
  if (!refusal.success) {
    const shown = text
      .replace(/<(script|style|title)\b.*?<\/\1>|<[^>]*>/gis, " ")
      .replace(/\s+/g, " ")
      .trim();
    return storable(shown.slice(0, 200)) || null;
  }
  const { message, error, errors } = refusal.data;
  const words = [message || error, errors ? JSON.stringify(errors) : null].filter(Boolean).join(" ");
  return storable(words.slice(0, 500)) || null;
}
