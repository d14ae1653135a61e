import { z } from "zod";
import { type Context, endpoint, HttpError, json, methodNotAllowed } from "../lib/http.ts";
import { toCsv } from "../lib/staff/csv.ts";
import { monitorAnswer } from "../lib/staff/monitor-answer.ts";
import { asStaff } from "../lib/staff/session.ts";
import { DatabaseError } from "../lib/supabase/database-error.ts";
import { exportConversations } from "../lib/supabase/export-conversations.ts";
import { readConversations } from "../lib/supabase/read-conversations.ts";
import { readThread } from "../lib/supabase/read-thread.ts";

export const { POST, PUT, PATCH, DELETE, OPTIONS } = methodNotAllowed("GET", "HEAD");

const limit = z.coerce
  .number()
  .int()
  .min(1)
  .transform((value) => Math.min(value, 200))
  .default(50);
const ThreadQuery = z.object({
  id: z.coerce.number().int().positive(),
  before: z.coerce.number().int().positive().optional(),
  limit,
});
const ListQuery = z.object({
  state: z.enum(["all", "waiting", "answered", "bill", "error", "check"]).default("all"),
  q: z.string().max(200).default(""),
  before: z.string().min(1).max(200).optional(),
  limit,
  format: z.enum(["json", "csv"]).default("json"),
});

/** GET /api/conversations: the list by state and search, as JSON or CSV; with `id` one thread. */
export const GET = endpoint("conversations", async (request, context) => {
  const params = Object.fromEntries(new URL(request.url).searchParams);
  return "id" in params ? thread(request, context, params) : list(request, context, params);
});

async function thread(request: Request, context: Context, params: object): Promise<Response> {
  const query = ThreadQuery.safeParse(params);
  if (!query.success) throw new HttpError(400, "invalid_query", z.prettifyError(query.error));
  const { id, before, limit } = query.data;
  const found = await asStaff(request, context, (client) => readThread(client, id, limit, before ?? null));
  if ("error" in found) throw new HttpError(404, "not_found", "There is no such conversation.");
  return json(200, { success: true, ...found });
}

async function list(request: Request, context: Context, params: object): Promise<Response> {
  const query = ListQuery.safeParse(params);
  if (!query.success) throw new HttpError(400, "invalid_query", z.prettifyError(query.error));
  const { state, q, before, limit, format } = query.data;
  const filter = { state: state === "all" ? null : state, q: q.trim() || null };
  if (format === "csv") {
    const rows = await asStaff(request, context, (client) => exportConversations(client, filter));
    return new Response(toCsv(rows), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="conversazioni-${new Date().toISOString().slice(0, 10)}.csv"`,
        "cache-control": "no-store",
      },
    });
  }
  const page = await asStaff(request, context, (client) =>
    readConversations(client, filter, limit, before ?? null),
  ).catch((error: unknown) => {
    // PostgreSQL's invalid_parameter_value.
    if (error instanceof DatabaseError && error.code === "22023") {
      throw new HttpError(400, "invalid_query", "before is not a page of this API.");
    }
    throw error;
  });
  return json(200, monitorAnswer(context.config, page));
}
