import { z } from "zod/v3";
import { linkTo } from "../lib/call-code.ts";
import { type Context, endpoint, headOf, json, methodNotAllowed } from "../lib/http/endpoint.ts";
import { HttpError } from "../lib/http/errors.ts";
import { toCsv } from "../lib/monitor/csv.ts";
import { monitorAnswer } from "../lib/monitor/monitor-answer.ts";
import { Limit, RowId, readQuery } from "../lib/monitor/query-params.ts";
import { asStaff } from "../lib/monitor/session.ts";
import { toTodoCsv } from "../lib/monitor/todo-csv.ts";
import { DatabaseError } from "../lib/supabase/database-error.ts";
import { TODOS } from "../lib/supabase/followup/todo.ts";
import { exportConversations } from "../lib/supabase/monitor/export-conversations.ts";
import { readConversations } from "../lib/supabase/monitor/read-conversations.ts";
import { readThread } from "../lib/supabase/monitor/read-thread.ts";

export const { POST, PUT, PATCH, DELETE, OPTIONS } = methodNotAllowed("GET", "HEAD");

const ThreadQuery = z.object({
  id: RowId,
  before: RowId.optional(),
  limit: Limit,
});
const YesNo = z
  .enum(["true", "false"])
  .transform((value) => value === "true")
  .optional();
const ListQuery = z.object({
  state: z.enum(["all", "waiting", "answered", "bill", "error", "check"]).default("all"),
  q: z.string().max(200).default(""),
  /** Whether the customers object to automatic messages, or staff are to decide it. */
  objection: YesNo,
  /** Whether something that was sent to them never arrived on the phone. */
  undelivered: YesNo,
  /** The state of the case; to_check: open, and staff are to look at bills. */
  case: z.enum(["none", "open", "to_check", "complete", "declared"]).optional(),
  /** missing: the open cases, those first that lack the fewest months. */
  order: z.enum(["newest", "missing"]).default("newest"),
  /** The worklist that the customers are on. */
  todo: z.enum(TODOS).optional(),
  before: z.string().min(1).max(200).optional(),
  limit: Limit,
  format: z.enum(["json", "csv"]).default("json"),
});

/** GET /api/conversations: the list by state and search, as JSON or CSV; with `id` one thread. */
export const GET = endpoint("conversations", async (request, context) => {
  return new URL(request.url).searchParams.has("id") ? thread(request, context) : list(request, context);
});

export const HEAD = headOf(GET);

async function thread(request: Request, context: Context): Promise<Response> {
  const { id, before, limit } = readQuery(request, ThreadQuery);
  const found = await asStaff(request, context, (client) => readThread(client, id, limit, before ?? null));
  if ("error" in found) throw new HttpError(404, "not_found", "There is no such conversation.");
  const { whatsappNumber } = context.config;
  const calls = found.calls.map((call) => ({ ...call, link: linkTo(whatsappNumber, call.code) }));
  return json(200, { success: true, ...found, calls });
}

async function list(request: Request, context: Context): Promise<Response> {
  const {
    state,
    q,
    objection = null,
    undelivered = null,
    case: ofCase = null,
    order,
    todo = null,
    before,
    limit,
    format,
  } = readQuery(request, ListQuery);
  const filter = {
    state: state === "all" ? null : state,
    q: q.trim() || null,
    objection,
    undelivered,
    case: ofCase,
    todo,
  };
  if (format === "csv") {
    const rows = await asStaff(request, context, (client) => exportConversations(client, filter));
    return new Response(todo === null ? toCsv(rows) : toTodoCsv(rows, todo), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${todo ?? "conversazioni"}-${new Date().toISOString().slice(0, 10)}.csv"`,
        "cache-control": "no-store",
      },
    });
  }
  const page = await asStaff(request, context, (client) =>
    readConversations(client, filter, limit, before ?? null, order),
  ).catch((error: unknown) => {
    // PostgreSQL's invalid_parameter_value.
    if (error instanceof DatabaseError && error.code === "22023") {
      throw new HttpError(400, "invalid_query", "before is not a page of this API.");
    }
    throw error;
  });
  return json(200, await monitorAnswer(context, page));
}
