import { z } from "zod/v3";
import { endpoint, headOf, json, methodNotAllowed } from "../lib/http/endpoint.ts";
import { toBillsCsv } from "../lib/monitor/bills-csv.ts";
import { toDossierCsv } from "../lib/monitor/dossier-csv.ts";
import { Limit, RowId, readQuery } from "../lib/monitor/query-params.ts";
import { asStaff } from "../lib/monitor/session.ts";
import { exportBills } from "../lib/supabase/bills/export-bills.ts";
import { readBills } from "../lib/supabase/bills/read-bills.ts";

export const { POST, PUT, PATCH, DELETE, OPTIONS } = methodNotAllowed("GET", "HEAD");

const Query = z.object({
  before: RowId.optional(),
  limit: Limit,
  format: z.enum(["json", "csv"]).default("json"),
  /** With format=csv: of this customer alone, as a dossier has it. */
  conversation_id: RowId.optional(),
});

/** GET /api/bills: the files that staff are to confirm, of all customers; as CSV all files and what they say. */
export const GET = endpoint("bills", async (request, context) => {
  const { before, limit, format, conversation_id = null } = readQuery(request, Query);
  if (format === "csv") {
    const rows = await asStaff(request, context, (client) => exportBills(client, conversation_id));
    return new Response(conversation_id === null ? toBillsCsv(rows) : toDossierCsv(rows), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="bollette-${new Date().toISOString().slice(0, 10)}.csv"`,
        "cache-control": "no-store",
      },
    });
  }
  const page = await asStaff(request, context, (client) => readBills(client, limit, before ?? null));
  return json(200, { success: true, ...page });
});

export const HEAD = headOf(GET);
