import { start } from "../lib/background/run.ts";
import { noteRefusal } from "../lib/health/refused-webhooks.ts";
import { endpoint, json, methodNotAllowed } from "../lib/http/endpoint.ts";
import { receiveWebhook } from "../lib/http/receive-webhook.ts";
import { requireSecret } from "../lib/http/secret.ts";
import { supabase } from "../lib/supabase/client.ts";
import { recordWasenderWebhook } from "../lib/supabase/wasender/record-wasender-webhook.ts";
import { parseWasenderWebhook } from "../lib/wasender/event.ts";

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = methodNotAllowed("POST");

/** POST /api/whatsapp-webhook: a customer answered, or something happened to a message of ours. */
export const POST = endpoint("whatsapp-webhook", async (request, context) => {
  const { config, note } = context;
  requireSecret(request, config, "WHATSAPP_WEBHOOK_SECRET", {
    headers: ["x-webhook-signature", "x-webhook-secret"],
    refused: () => noteRefusal("wasender") && start(context, "refusals"),
  });
  return receiveWebhook(request, context, "wasender", parseWasenderWebhook, async (events, stored) => {
    const { duplicate, webhook } = await recordWasenderWebhook(supabase(config), stored, events);
    if (!duplicate && events.some((event) => event.kind === "incoming" && event.media !== null))
      start(context, "media");
    // The confirmation, or the number behind a LID.
    if (!duplicate && events.some((event) => event.kind === "incoming" && event.objection !== null))
      start(context, "drain");
    note({ outcome: duplicate ? "duplicate" : "accepted", webhook });
    return json(200, { success: true, duplicate });
  });
});
