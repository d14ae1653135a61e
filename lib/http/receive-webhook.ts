import type { ParsedWebhook } from "../parsed-webhook.ts";
import { supabase } from "../supabase/client.ts";
import { DatabaseError } from "../supabase/database-error.ts";
import type { StoredRequest } from "../supabase/stored-request.ts";
import { recordWebhook } from "../supabase/wasender/record-webhook.ts";
import { readBody } from "./body.ts";
import { type Context, json } from "./endpoint.ts";
import { HttpError } from "./errors.ts";
import { toStoredRequest } from "./stored-request.ts";

/** What senders call their events; other words may be anybody's, and are not logged. */
const EVENT_NAME = /^[\w.-]{1,60}$/;

/**
 * Reads and parses a webhook, and hands what could be used to `record`. What could not is kept with its reason:
 * a body that is no JSON and no form answers 400, one in which nothing can be recognised 422, an event of no use 200. What the database refuses for its content
 * answers 422 too: it would be refused at every retry.
 */
export async function receiveWebhook<Value>(
  request: Request,
  { config, note }: Context,
  source: StoredRequest["source"],
  parse: (body: unknown) => ParsedWebhook<Value>,
  record: (value: Value, stored: StoredRequest) => Promise<Response>,
): Promise<Response> {
  const keep = async (stored: StoredRequest, outcome: "ignored" | "invalid", why: string) =>
    note({ outcome, webhook: await recordWebhook(supabase(config), stored, outcome, why) });

  const body = await readBody(request);
  if (!body.ok) {
    const why = `Expected ${body.expected}.`;
    await keep(toStoredRequest(source, request, body, null, config), "invalid", why);
    throw new HttpError(400, "malformed_body", why);
  }
  const webhook = parse(body.value);
  const stored = toStoredRequest(source, request, body, webhook.eventType, config);
  if (stored.event_type !== null && EVENT_NAME.test(stored.event_type)) note({ type: stored.event_type });
  if (webhook.kind === "usable") {
    try {
      return await record(webhook.value, stored);
    } catch (error) {
      if (!(error instanceof DatabaseError && error.isAboutContent)) throw error;
      // PostgreSQL's own words may quote the content.
      const why = `The database does not take its content (${error.code}).`;
      await keep(stored, "invalid", why);
      throw new HttpError(422, "content_refused", why);
    }
  }
  const outcome = webhook.kind === "ignored" ? "ignored" : "invalid";
  await keep(stored, outcome, webhook.why);
  if (outcome === "invalid") throw new HttpError(422, "not_recognised", webhook.why);
  return json(200, { success: true, ignored: true, reason: webhook.why });
}
