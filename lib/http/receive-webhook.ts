import type { ParsedWebhook } from "../parsed-webhook.ts";
import { supabase } from "../supabase/client.ts";
import { DatabaseError } from "../supabase/database-error.ts";
import type { StoredRequest } from "../supabase/stored-request.ts";
import { recordWebhook } from "../supabase/wasender/record-webhook.ts";
import { readBody } from "./body.ts";
import { type Context, json } from "./endpoint.ts";
import { HttpError } from "./errors.ts";
import { toStoredRequest } from "./stored-request.ts";

/** The form of event names. Other text may be personal data, and is not logged. */
const EVENT_NAME = /^[\w.-]{1,60}$/;

/**
 * Reads and parses a webhook, and passes what can be used to `record`. What cannot be used is stored with the reason.
 *
 * | webhook | answer |
 * |---|---|
 * | neither JSON nor a form | 400 |
 * | nothing in it is recognised | 422 |
 * | the database refuses its content, as it would at every retry | 422 |
 * | an event that is not used | 200, `ignored` |
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
