import { z } from "zod";
import { endpoint, HttpError, json, methodNotAllowed } from "../lib/http.ts";
import { etagOf, monitorAnswer } from "../lib/staff/monitor-answer.ts";
import { asStaff } from "../lib/staff/session.ts";
import { DatabaseError } from "../lib/supabase/database-error.ts";
import { readFeed } from "../lib/supabase/read-feed.ts";

export const { POST, PUT, PATCH, DELETE, OPTIONS } = methodNotAllowed("GET", "HEAD");

const Query = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .transform((limit) => Math.min(limit, 200))
    .default(50),
  after: z.string().min(1).max(2_000).nullable(),
});

/** GET /api/whatsapp-incoming: the messages, or with `after` what was added or changed since. 304 where nothing was. */
export const GET = endpoint("whatsapp-incoming", async (request, context) => {
  const params = new URL(request.url).searchParams;
  const query = Query.safeParse({ limit: params.get("limit") ?? undefined, after: params.get("after") });
  if (!query.success) {
    throw new HttpError(400, "invalid_query", "limit is a whole number from 1, at most 200; after is a cursor.");
  }
  const { limit, after } = query.data;
  const feed = await asStaff(request, context, (client) => readFeed(client, limit, after)).catch(invalidCursor);
  const answer = monitorAnswer(context.config, feed);
  const etag = etagOf(answer);
  if (request.headers.get("if-none-match") === etag) {
    return new Response(null, { status: 304, headers: { etag, "cache-control": "no-store" } });
  }
  return json(200, answer, { etag });
});

function invalidCursor(error: unknown): never {
  // PostgreSQL's invalid_parameter_value.
  if (error instanceof DatabaseError && error.code === "22023") {
    throw new HttpError(400, "invalid_cursor", "after is not a cursor of this API: ask again without it.");
  }
  throw error;
}
