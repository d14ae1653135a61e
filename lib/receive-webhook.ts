import { readBody } from "./body.ts";
import { type Context, HttpError, json } from "./http.ts";
import type { ParsedWebhook } from "./parsed-webhook.ts";
import { type StoredRequest, toStoredRequest } from "./stored-request.ts";
import { supabase } from "./supabase/client.ts";
import { recordWebhook } from "./supabase/record-webhook.ts";

/**
 * Reads and parses a webhook, and hands what could be used to `record`. What could not is kept with its reason:
 * a body that is no JSON and no form answers 400, one in which nothing can be recognised 422, an event of no use 200.
 */
export async function receiveWebhook<Value>(
  request: Request,
  { config, note }: Context,
  source: StoredRequest["source"],
  parse: (body: unknown) => ParsedWebhook<Value>,
  record: (value: Value, stored: StoredRequest) => Promise<Response>,
): Promise<Response> {
  const body = await readBody(request);
  if (!body.ok) {
    const why = `Expected ${body.expected}.`;
    await recordWebhook(supabase(config), toStoredRequest(source, request, body, null, config), "invalid", why);
    throw new HttpError(400, "malformed_body", why);
  }
  const webhook = parse(body.value);
  const stored = toStoredRequest(source, request, body, webhook.eventType, config);
  note({ type: stored.event_type });
  if (webhook.kind === "usable") return record(webhook.value, stored);
  const outcome = webhook.kind === "ignored" ? "ignored" : "invalid";
  await recordWebhook(supabase(config), stored, outcome, webhook.why);
  if (outcome === "invalid") throw new HttpError(422, "not_recognised", webhook.why);
  note({ outcome });
  return json(200, { success: true, ignored: true, reason: webhook.why });
}
