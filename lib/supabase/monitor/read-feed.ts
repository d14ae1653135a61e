import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";
import { Counts, FeedConversation, FeedMessage, MonitorState } from "./feed.ts";

const Feed = MonitorState.extend({
  /** Send it as `after` to get what was added or changed since. */
  cursor: z.string(),
  /** Not everything fitted: ask again with the cursor, at once. */
  more: z.boolean(),
  messages: z.array(FeedMessage),
  conversations: z.array(FeedConversation),
  /** Ids of what was deleted since the cursor; null if nothing of the kind was looked for. */
  deleted: z.object({ messages: z.array(z.number()), conversations: z.array(z.number()) }).nullable(),
  /** Null if they cannot have changed. */
  counts: Counts.nullable(),
});
export type Feed = z.infer<typeof Feed>;

/**
 * The newest messages and conversations, or what was added or changed since a cursor.
 *
 * @throws {DatabaseError} with code 22023 if the cursor is not one of ours.
 */
export async function readFeed(client: Supabase, limit: number, after: string | null) {
  return Feed.parse(await rpc(client, "read_feed", { p_limit: limit, ...(after === null ? {} : { p_after: after }) }));
}
