import type { Config } from "../config.ts";
import { storedDocument } from "../http/stored-request.ts";
import type { Json } from "../json.ts";
import { recordCloudtalkWebhook } from "../supabase/calls/record-cloudtalk-webhook.ts";
import { supabase } from "../supabase/client.ts";
import type { StoredWebhook } from "../supabase/replay/read-webhooks.ts";
import type { StoredRequest } from "../supabase/stored-request.ts";
import { recordWasenderWebhook } from "../supabase/wasender/record-wasender-webhook.ts";
import { recordWebhook } from "../supabase/wasender/record-webhook.ts";
import type { Reparsed } from "./reparse.ts";

/**
 * Records a webhook that was parsed again, through the functions that record new ones; its row says what became of it.
 * Returns that in words, or null if there was nothing to record.
 */
export async function apply(config: Config, webhook: StoredWebhook, parsed: Reparsed): Promise<string | null> {
  const client = supabase(config);
  switch (parsed.kind) {
    case "call": {
      const request = toRequest(webhook, parsed.eventType, parsed.body);
      const recorded = await recordCloudtalkWebhook(client, request, parsed.call, config, { heardAt: webhook.at });
      const { call, message, duplicate } = recorded;
      const asked = message ? `message ${message.id} is ${message.status}` : `no message (${call.reason})`;
      return `call ${call.id}${duplicate ? ", nothing new" : ""}; ${asked}`;
    }
    case "events": {
      const request = toRequest(webhook, parsed.eventType, parsed.body);
      const { duplicate } = await recordWasenderWebhook(client, request, parsed.events);
      return duplicate ? "nothing new" : "recorded";
    }
    case "ignored":
      if (webhook.outcome === "ignored") return null;
      await recordWebhook(client, toRequest(webhook, parsed.eventType, parsed.body), "ignored", parsed.why);
      return "ignored";
    default:
      return null;
  }
}

function toRequest(webhook: StoredWebhook, eventType: string | null, body: Json): StoredRequest {
  const source = webhook.source === "wasender" ? "wasender" : "cloudtalk";
  const document = storedDocument({ source, method: "POST", path: webhook.path }, body, eventType);
  return { ...document, replay: { id: webhook.id, outcome: webhook.outcome } };
}
