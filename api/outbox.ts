import { drainOutbox } from "../lib/background/drain-outbox.ts";
import { start } from "../lib/background/run.ts";
import { ConfigError } from "../lib/environment.ts";
import { endpoint, json, methodNotAllowed } from "../lib/http/endpoint.ts";
import { requireSecret } from "../lib/http/secret.ts";
import { supabase } from "../lib/supabase/client.ts";
import { recordRing } from "../lib/supabase/outbox/record-ring.ts";

const { GET: refuse, ...others } = methodNotAllowed("POST");
export const { HEAD, PUT, PATCH, DELETE, OPTIONS } = others;

/**
 * POST /api/outbox: the clock rings. Sends what is due and answers with what it did. Meanwhile customers' files are
 * fetched, and CloudTalk's history is read for calls whose webhook never came.
 */
export const POST = endpoint("outbox", async (request, context) => {
  const { config, end, note } = context;
  requireSecret(request, config, "CRON_SECRET");
  await recordRing(supabase(config));
  start(context, "media");
  start(context, "reconcile");
  const drained = config.wasender && (await drainOutbox(config, config.wasender, end));
  start(context, "alert");
  if (!drained) throw new ConfigError("WHATSAPP_API_TOKEN", "is not set: copy the session's API key from Wasender.");
  note({ tried: drained.messages.length, idle: drained.idle });
  return json(200, { success: true, ...drained });
});

/**
 * GET /api/outbox: the same for Vercel's own cron (Pro), which cannot POST. It names itself, and sends CRON_SECRET as
 * Bearer (https://vercel.com/docs/cron-jobs/manage-cron-jobs).
 */
export const GET = (request: Request): Response | Promise<Response> =>
  request.headers.get("user-agent")?.startsWith("vercel-cron/") ? POST(request) : refuse(request);
