import { z } from "zod/v3";
import type { Json } from "../../json.ts";
import { rpc, type Supabase } from "../client.ts";

const StoredWebhook = z.object({
  id: z.number(),
  source: z.enum(["cloudtalk", "wasender", "reconciled", "legacy"]),
  path: z.string(),
  outcome: z.enum(["accepted", "duplicate", "ignored", "invalid", "legacy"]),
  event_type: z.string().nullable(),
  /** When it was received, ISO 8601. */
  at: z.string(),
  content_type: z.string().nullable(),
  /** Whatever JSON it was. */
  body: z.custom<Json>((value) => value !== undefined),
  /** The body as text, if it could not be parsed. */
  raw_body: z.string().nullable(),
});
export type StoredWebhook = z.infer<typeof StoredWebhook>;

/** Which stored webhooks: one, or all by what became of them and when they came. */
export type WebhookFilter = { id: number } | { outcome?: "invalid"; since?: string };

const PAGE = 100;

/** Stored webhooks, oldest first, a page at a time. Those of the previous system only by their id. */
export async function* readWebhooks(client: Supabase, filter: WebhookFilter): AsyncGenerator<StoredWebhook> {
  const which = {
    ...("id" in filter ? { p_id: filter.id } : {}),
    ...("outcome" in filter && filter.outcome ? { p_outcome: filter.outcome } : {}),
    ...("since" in filter && filter.since ? { p_since: filter.since } : {}),
  };
  for (let after = 0; ; ) {
    const page = z
      .array(StoredWebhook)
      .parse(await rpc(client, "read_webhooks", { p_after: after, p_limit: PAGE, ...which }));
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.id ?? after;
  }
}
