import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";
import type { StoredRequest } from "../stored-request.ts";

const Recorded = z.object({ id: z.number() });

/** Keeps a webhook with nothing that we can use, with the reason. Returns its id in webhook_requests. */
export async function recordWebhook(
  client: Supabase,
  request: StoredRequest,
  outcome: "ignored" | "invalid",
  detail: string,
): Promise<number> {
  const recorded = await rpc(client, "record_webhook", { p_request: request, p_outcome: outcome, p_detail: detail });
  return Recorded.parse(recorded).id;
}
