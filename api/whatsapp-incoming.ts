import { z } from "zod/v3";
import { endpoint, headOf, json, methodNotAllowed } from "../lib/http/endpoint.ts";
import { HttpError } from "../lib/http/errors.ts";
import { etagOf, monitorAnswer } from "../lib/monitor/monitor-answer.ts";
import { Limit, readQuery } from "../lib/monitor/query-params.ts";
import { asStaff } from "../lib/monitor/session.ts";
import { DatabaseError } from "../lib/supabase/database-error.ts";
import { readFeed } from "../lib/supabase/monitor/read-feed.ts";

export const { POST, PUT, PATCH, DELETE, OPTIONS } = methodNotAllowed("GET", "HEAD");

const Query = z.object({
  limit: Limit,
  /** A cursor. */
  after: z.string().min(1).max(2_000).optional(),
});

/**
 * GET /api/whatsapp-incoming: the messages, or with `after` what was added or changed since. 304 if nothing was, with
 * the cursor in `x-cursor`: a later one costs the next poll less.
 */
export const GET = endpoint("whatsapp-incoming", async (request, context) => {
  const { limit, after } = readQuery(request, Query);
  const feed = await asStaff(request, context, (client) => readFeed(client, limit, after ?? null)).catch(invalidCursor);
  const answer = await monitorAnswer(context, feed);
  // Changes are sent once: the ETag of an answer that has some is that of the next one, which has none.
  const quiet = { ...answer, more: false, messages: [], conversations: [], deleted: null, counts: null };
  const changes = [feed.messages, feed.conversations, feed.deleted?.messages, feed.deleted?.conversations];
  const news = after !== undefined && (feed.more || changes.some((rows) => rows && rows.length > 0));
  const etag = etagOf(after === undefined ? answer : quiet);
  if (!news && request.headers.get("if-none-match") === etag) {
    return new Response(null, { status: 304, headers: { etag, "x-cursor": feed.cursor, "cache-control": "no-store" } });
  }
  return json(200, answer, { etag });
});

export const HEAD = headOf(GET);

function invalidCursor(error: unknown): never {
  // PostgreSQL's invalid_parameter_value.
  if (error instanceof DatabaseError && error.code === "22023") {
    throw new HttpError(400, "invalid_cursor", "after is not a cursor of this API: ask again without it.");
  }
  throw error;
}
