import { type Context, endpoint, json, methodNotAllowed } from "../lib/http/endpoint.ts";
import { receiveWebhook } from "../lib/http/receive-webhook.ts";
import { requireWebhookSecret } from "../lib/http/secret.ts";
import { supabase } from "../lib/supabase/client.ts";
import { recordWasenderWebhook } from "../lib/supabase/wasender/record-wasender-webhook.ts";
import { parseWasenderWebhook, type WasenderEvent } from "../lib/wasender/event.ts";

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = methodNotAllowed("POST");

/** POST /api/whatsapp-webhook: a customer answered, or something happened to a message of ours. */
export const POST = endpoint("whatsapp-webhook", async (request, context) => {
  const { config, note } = context;
  const refused = async () => (await import("../lib/background/count-refusal.ts")).countRefusal(context, "wasender");
  await requireWebhookSecret(refused, request, config, "WHATSAPP_WEBHOOK_SECRET", {
    headers: ["x-webhook-signature", "x-webhook-secret"],
  });
  return receiveWebhook(request, context, "wasender", parseWasenderWebhook, async (events, stored) => {
    const { duplicate, webhook } = await recordWasenderWebhook(supabase(config), stored, events);
    if (!duplicate) await startWhatIsDue(context, events);
    note({ outcome: duplicate ? "duplicate" : "accepted", webhook });
    return json(200, { success: true, duplicate });
  });
});

/** Background work is loaded by the few webhooks that have some. */
async function startWhatIsDue(context: Context, events: readonly WasenderEvent[]): Promise<void> {
  const incoming = events.filter((event) => event.kind === "incoming");
  const hasFile = incoming.some(({ media }) => media !== null);
  // The confirmation, or the number behind a LID.
  const objects = incoming.some(({ objection }) => objection !== null);
  if (!hasFile && !objects) return;
  const { start } = await import("../lib/background/run.ts");
  if (hasFile) start(context, "media");
  if (objects) start(context, "drain");
}
