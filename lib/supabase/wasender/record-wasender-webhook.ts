import { z } from "zod/v3";
import type { WasenderEvent } from "../../wasender/event.ts";
import { rpc, type Supabase } from "../client.ts";
import type { StoredRequest } from "../stored-request.ts";

const Recorded = z.object({
  /** None of its events said anything that was not known. */
  duplicate: z.boolean(),
  /** Its id in webhook_requests; absent if the database has not been migrated yet. */
  webhook: z.number().optional(),
});

/** Stores the webhook and applies its events (replies, echoes, states) in one transaction. */
export async function recordWasenderWebhook(client: Supabase, request: StoredRequest, events: WasenderEvent[]) {
  return Recorded.parse(await rpc(client, "record_wasender_webhook", { p_request: request, p_events: events }));
}
