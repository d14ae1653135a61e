import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";
import { FeedConversation, FeedMessage } from "../monitor/feed.ts";

const Page = z.object({
  bills: z.array(z.object({ message: FeedMessage, conversation: FeedConversation })),
  /** Send it as `before` to get the next page; null if this is the last one. */
  next: z.number().nullable(),
});
export type BillPage = z.infer<typeof Page>;

/** The files that staff are to confirm, of all customers, newest first. */
export async function readBills(client: Supabase, limit: number, before: number | null) {
  return Page.parse(
    await rpc(client, "read_bills", { p_limit: limit, ...(before === null ? {} : { p_before: before }) }),
  );
}
