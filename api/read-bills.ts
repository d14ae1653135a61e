import { readDueBills } from "../lib/background/read-due-bills.ts";
import { endpoint, json, methodNotAllowed } from "../lib/http/endpoint.ts";
import { requireSecret } from "../lib/http/secret.ts";

const { GET: refuse, ...others } = methodNotAllowed("POST");
export const { HEAD, PUT, PATCH, DELETE, OPTIONS } = others;

/**
 * POST /api/read-bills: the clock rings. Reads the bill files that are due. A function of its own, because a photo takes a
 * processor for seconds, and what reads it is in no other function's bundle.
 */
export const POST = endpoint("read-bills", async (request, { config, end, note }) => {
  requireSecret(request, config, "CRON_SECRET");
  const done = await readDueBills(config, end);
  note(done);
  return json(200, { success: true, ...done });
});

/** GET /api/read-bills: the same for Vercel's own cron, as in api/outbox.ts. */
export const GET = (request: Request): Response | Promise<Response> =>
  request.headers.get("user-agent")?.startsWith("vercel-cron/") ? POST(request) : refuse(request);
