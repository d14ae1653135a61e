import { z } from "zod";
import { call, type Supabase } from "./client.ts";

/** Times are ISO 8601 with an offset. */
const Feed = z.object({
  /** Hand it back as `after` to get what was added or changed since. */
  cursor: z.string(),
  /** Not everything fitted: ask again with the cursor, at once. */
  more: z.boolean(),
  /** The outbox has something to do now. */
  due: z.boolean(),
  /** Wasender's message log: whether it may be read now, when it was last, and why that failed. */
  log: z.object({ due: z.boolean(), ok_at: z.string().nullable(), error: z.string().nullable() }),
  messages: z.array(
    z.object({
      id: z.number(),
      direction: z.enum(["incoming", "outgoing"]),
      kind: z.string(),
      phone_number: z.string().nullable(),
      contact_name: z.string().nullable(),
      type: z.string(),
      text: z.string().nullable(),
      status: z.string(),
      error: z.string().nullable(),
      message_at: z.string().nullable(),
      created_at: z.string(),
      updated_at: z.string(),
      call_id: z.number().nullable(),
    }),
  ),
  sender: z.object({
    queued: z.number(),
    next_send_at: z.string().nullable(),
    paused: z.object({ reason: z.string(), message: z.string().nullable(), since: z.string() }).nullable(),
    session: z.string().nullable(),
  }),
});

/**
 * The newest messages, or what was added or changed since a cursor.
 *
 * @throws {DatabaseError} with code 22023 where the cursor is not one of ours.
 */
export async function readFeed(client: Supabase, limit: number, after: string | null) {
  return Feed.parse(
    await call(client, "read_feed", after === null ? { p_limit: limit } : { p_limit: limit, p_after: after }),
  );
}
