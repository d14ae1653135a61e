import type { Config } from "../config.ts";
import type { Json } from "../json.ts";
import type { StoredRequest } from "../stored-request.ts";
import { recordCloudtalkWebhook } from "../supabase/calls/record-cloudtalk-webhook.ts";
import { supabase } from "../supabase/client.ts";
import type { StoredWebhook } from "../supabase/replay/read-webhooks.ts";
import { recordWasenderWebhook } from "../supabase/wasender/record-wasender-webhook.ts";
import { recordWebhook } from "../supabase/wasender/record-webhook.ts";
import type { ReadAnew } from "./read-anew.ts";

/**
 * Records a webhook that was read anew, through the functions that record new ones; its own row says what became of it.
 * Returns that in words, or null where there was nothing to record.
 */
export async function apply(config: Config, webhook: StoredWebhook, read: ReadAnew): Promise<string | null> {
  const client = supabase(config);
  switch (read.kind) {
    case "call": {
      const request = toRequest(webhook, read.eventType, read.body);
      const recorded = await recordCloudtalkWebhook(client, request, read.call, config.ask, { heardAt: webhook.at });
      const { call, message, duplicate } = recorded;
      const asked = message ? `message ${message.id} is ${message.status}` : `no message (${call.reason})`;
      return `call ${call.id}${duplicate ? ", nothing new" : ""}; ${asked}`;
    }
    case "events": {
      const request = toRequest(webhook, read.eventType, read.body);
      const { duplicate } = await recordWasenderWebhook(client, request, read.events);
      return duplicate ? "nothing new" : "recorded";
    }
    case "ignored":
      if (webhook.outcome === "ignored") return null;
      await recordWebhook(client, toRequest(webhook, read.eventType, read.body), "ignored", read.why);
      return "ignored";
    default:
      return null;
  }
}

function toRequest(webhook: StoredWebhook, eventType: string | null, body: Json): StoredRequest {
  return {
    source: webhook.source === "wasender" ? "wasender" : "cloudtalk",
    method: "POST",
    path: webhook.path,
    url: webhook.path,
    headers: {},
    query: {},
    body,
    raw_body: null,
    ip_address: null,
    user_agent: null,
    event_type: eventType,
    replay: { id: webhook.id, outcome: webhook.outcome },
  };
}
