import { type Call, parseCloudtalkWebhook } from "../cloudtalk/call.ts";
import { parseBody } from "../http/body.ts";
import type { Json } from "../json.ts";
import type { ParsedWebhook } from "../parsed-webhook.ts";
import type { StoredWebhook } from "../supabase/replay/read-webhooks.ts";
import { parseWasenderWebhook, type WasenderEvent } from "../wasender/event.ts";

/** What today's parsers make of a stored webhook, and the body that they parsed. */
export type Reparsed =
  | { kind: "call"; call: Call; eventType: string | null; body: Json }
  | { kind: "events"; events: WasenderEvent[]; eventType: string | null; body: Json }
  | { kind: "ignored" | "invalid"; eventType: string | null; why: string; body: Json }
  /** It cannot be parsed again. */
  | { kind: "skipped"; why: string };

/**
 * True only at the time of the webhook: the session may be in another state now, and an old failure no longer holds.
 */
const OF_THAT_MOMENT: WasenderEvent["kind"][] = ["session", "send_failed"];

/** Runs a stored webhook through today's parsers. */
export async function reparse(webhook: StoredWebhook): Promise<Reparsed> {
  if (webhook.source === "legacy") return { kind: "skipped", why: "written by the previous system" };
  const body = await bodyOf(webhook);
  if (body === null)
    return {
      kind: "skipped",
      why: "its content was emptied, so it cannot be replayed (its time was over, or the customer was erased)",
    };
  if (!body.ok) return { kind: "invalid", eventType: null, why: `Expected ${body.expected}.`, body: null };
  const { value } = body;
  if (webhook.source === "wasender") {
    const parsed = parseWasenderWebhook(value);
    if (parsed.kind !== "usable") return unusable(parsed, value);
    const events = parsed.value.filter(({ kind }) => !OF_THAT_MOMENT.includes(kind));
    return events.length > 0
      ? { kind: "events", events, eventType: parsed.eventType, body: value }
      : { kind: "skipped", why: "it reports a state that has passed" };
  }
  const parsed = parseCloudtalkWebhook(value);
  if (parsed.kind !== "usable") return unusable(parsed, value);
  return { kind: "call", call: parsed.value, eventType: parsed.eventType, body: value };
}

function unusable({ kind, eventType, why }: Exclude<ParsedWebhook<never>, { kind: "usable" }>, body: Json): Reparsed {
  return { kind: kind === "ignored" ? "ignored" : "invalid", eventType, why, body };
}

/** The body as it was parsed then; or if it could not be, its text, parsed as it would be today. */
async function bodyOf({ body, raw_body, content_type }: StoredWebhook) {
  if (body !== null) return { ok: true as const, value: body };
  if (raw_body === null) return null;
  return parseBody(new TextEncoder().encode(raw_body), content_type ?? "application/json");
}
