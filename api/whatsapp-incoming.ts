import { z } from "zod";
import { endpoint, HttpError, json, methodNotAllowed } from "../lib/http.ts";
import { dataSource, startReadingLog } from "../lib/outbox/read-log.ts";
import { startDrain } from "../lib/outbox/start-drain.ts";
import { supabase } from "../lib/supabase/client.ts";
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

/** GET /api/whatsapp-incoming: the messages and the sender's state, for the monitor. */
export const GET = endpoint("whatsapp-incoming", async (request, { config }) => {
  if (config.deployed) {
    throw new HttpError(
      503,
      "sign_in_missing",
      "Customers' messages are not public: this answers once staff can sign in.",
    );
  }
  const params = new URL(request.url).searchParams;
  const query = Query.safeParse({ limit: params.get("limit") ?? undefined, after: params.get("after") });
  if (!query.success)
    throw new HttpError(400, "invalid_query", "limit is a whole number from 1, at most 200; after is a cursor.");
  try {
    const { due, log, ...feed } = await readFeed(supabase(config), query.data.limit, query.data.after);
    if (due) startDrain(config);
    // The page never waits for Wasender: what its log says is merged after the answer, and shown by the next poll.
    if (log.due) startReadingLog(config);
    return json(200, { success: true, ...dataSource(config, log, Date.now()), ...feed });
  } catch (error) {
    // PostgreSQL's invalid_parameter_value.
    if (error instanceof DatabaseError && error.code === "22023") {
      throw new HttpError(400, "invalid_cursor", "after is not a cursor of this API: ask again without it.");
    }
    throw error;
  }
});
