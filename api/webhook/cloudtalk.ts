import { start } from "../../lib/background/run.ts";
import { parseCloudtalkWebhook } from "../../lib/cloudtalk/call.ts";
import { endpoint, json, methodNotAllowed } from "../../lib/http/endpoint.ts";
import { receiveWebhook } from "../../lib/http/receive-webhook.ts";
import { requireWebhookSecret } from "../../lib/http/secret.ts";
import { recordCloudtalkWebhook } from "../../lib/supabase/calls/record-cloudtalk-webhook.ts";
import { supabase } from "../../lib/supabase/client.ts";

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = methodNotAllowed("POST");

/** POST /webhook/cloudtalk: a call ended, or something was learned of one that did. */
export const POST = endpoint("cloudtalk-webhook", async (request, context) => {
  const { config, note } = context;
  const refused = async () =>
    (await import("../../lib/background/count-refusal.ts")).countRefusal(context, "cloudtalk");
  await requireWebhookSecret(refused, request, config, "CLOUDTALK_WEBHOOK_SECRET", {
    headers: ["x-webhook-secret"],
    query: "token",
  });
  return receiveWebhook(request, context, "cloudtalk", parseCloudtalkWebhook, async (call, stored) => {
    const { webhook, drain_in_ms, ...recorded } = await recordCloudtalkWebhook(supabase(config), stored, call, config);
    if (drain_in_ms !== null) start(context, "drain", drain_in_ms);
    note({
      outcome: recorded.duplicate ? "duplicate" : "accepted",
      webhook,
      call: recorded.call.id,
      message: recorded.message?.id,
    });
    return json(200, { success: true, ...recorded });
  });
});
