import { z } from "zod";
import { askRules } from "../ask.ts";
import type { Call } from "../cloudtalk/call.ts";
import type { Config } from "../config.ts";
import type { StoredRequest } from "../stored-request.ts";
import { call, type Supabase } from "./client.ts";

const Recorded = z.object({
  /** The webhook said nothing that was not known. */
  duplicate: z.boolean(),
  call: z.object({ id: z.number(), should_send: z.boolean().nullable(), reason: z.string() }),
  message: z.object({ id: z.number(), status: z.string() }).nullable(),
});

/** Stores the webhook, its call (new or enriched) and at most one queued message, in one transaction. */
export async function recordCloudtalkWebhook(
  client: Supabase,
  request: StoredRequest,
  ended: Call,
  ask: Config["ask"],
) {
  return Recorded.parse(
    await call(client, "record_cloudtalk_webhook", {
      p_request: request,
      p_call: ended,
      p_ask: { rules: askRules(ask.afterBill), cooldown_hours: ask.cooldownHours, text: ask.text },
    }),
  );
}
