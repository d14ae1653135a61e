import { ConfigError } from "../lib/config.ts";
import { endpoint, json, methodNotAllowed } from "../lib/http.ts";
import { drain } from "../lib/outbox/drain.ts";
import { requireSecret } from "../lib/secret.ts";

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = methodNotAllowed("POST");

/** POST /api/outbox: the clock's ring. Sends what is due and says what it did. */
export const POST = endpoint("outbox", async (request, { config, note }) => {
  requireSecret(request, config, "CRON_SECRET");
  if (!config.wasender) {
    throw new ConfigError("WHATSAPP_API_TOKEN", "is not set: copy the session's API key from Wasender.");
  }
  const drained = await drain(config, config.wasender);
  note({ tried: drained.messages.length, idle: drained.idle });
  return json(200, { success: true, ...drained });
});
