import type { StoredRequest } from "../stored-request.ts";
import { call, type Supabase } from "./client.ts";

/** Keeps a webhook that told us nothing we can use, with the reason. */
export async function recordWebhook(
  client: Supabase,
  request: StoredRequest,
  outcome: "ignored" | "invalid",
  detail: string,
): Promise<void> {
  await call(client, "record_webhook", { p_request: request, p_outcome: outcome, p_detail: detail });
}
