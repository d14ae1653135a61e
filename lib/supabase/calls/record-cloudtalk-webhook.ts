import { z } from "zod/v3";
import type { Call } from "../../cloudtalk/call.ts";
import type { Config } from "../../config.ts";
import { rpc, type Supabase } from "../client.ts";
import type { StoredRequest } from "../stored-request.ts";

const Recorded = z.object({
  /** The webhook said nothing that was not known. */
  duplicate: z.boolean(),
  call: z.object({ id: z.number(), should_send: z.boolean().nullable(), reason: z.string() }),
  message: z.object({ id: z.number(), status: z.string() }).nullable(),
  /** The webhook as it is kept; null if nothing of it is. */
  webhook: z.number().nullable(),
  /**
   * In how many milliseconds what was queued could go: an earlier claim gets nothing. Null if nothing was queued, or
   * staff paused.
   */
  drain_in_ms: z.number().nullable(),
});

/**
 * For a call learned late (history, replay): too old gets no ask.
 *
 * `heardAt` is when we first learned of it (ISO 8601), for a call that has no time of its own.
 */
type Late = { heardAt: string | null };

/**
 * Stores the webhook, its call (new or enriched) and at most one queued message, in one transaction.
 *
 * With `cdr_id` the call comes from CloudTalk's history: it is new (then its request is kept), or `duplicate`.
 */
export async function recordCloudtalkWebhook(
  client: Supabase,
  request: StoredRequest,
  ended: Call & { cdr_id?: string },
  { ask, terms }: Pick<Config, "ask" | "terms">,
  late?: Late,
) {
  return Recorded.parse(
    await rpc(client, "record_cloudtalk_webhook", {
      p_request: request,
      p_call: ended,
      p_ask: {
        ...terms.ask,
        ...(late ? { within_hours: ask.lateWithinHours, heard_at: late.heardAt } : {}),
      },
    }),
  );
}
