import { z } from "zod";
import { readBody } from "../lib/body.ts";
import { endpoint, HttpError, json, methodNotAllowed } from "../lib/http.ts";
import { startDrain } from "../lib/outbox/start-drain.ts";
import { actOnMessage, MESSAGE_ACTIONS } from "../lib/supabase/act-on-message.ts";
import { actOnSender, SENDER_ACTIONS } from "../lib/supabase/act-on-sender.ts";
import { supabase } from "../lib/supabase/client.ts";

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = methodNotAllowed("POST");

const Action = z.union([
  z.object({ action: z.enum(MESSAGE_ACTIONS), id: z.number().int().positive() }),
  z.object({ action: z.enum(SENDER_ACTIONS) }),
]);

/** POST /api/messages: what staff do by hand. `{ action, id }` for a message, `{ action }` for the queue. */
export const POST = endpoint("messages", async (request, { config, note }) => {
  if (config.deployed) {
    throw new HttpError(503, "sign_in_missing", "This answers once staff can sign in.");
  }
  const body = await readBody(request);
  const parsed = Action.safeParse(body.ok ? body.value : null);
  if (!parsed.success) {
    const known = [...MESSAGE_ACTIONS, ...SENDER_ACTIONS].join(", ");
    throw new HttpError(400, "invalid_action", `Expected { action, id }; action is one of ${known}.`);
  }
  const who = "sviluppo";
  const client = supabase(config);
  const { action } = parsed.data;
  note({ action, message: "id" in parsed.data ? parsed.data.id : null });
  const done =
    "id" in parsed.data
      ? await actOnMessage(client, parsed.data.action, parsed.data.id, who)
      : await actOnSender(client, parsed.data.action, who);
  if ("error" in done) {
    if (done.error === "not_found") throw new HttpError(404, "not_found", "There is no such message of ours.");
    throw new HttpError(409, "not_possible", `${action} is not possible: it is ${done.status}.`);
  }
  if (action === "retry" || action === "resend" || action === "resume") startDrain(config);
  return json(200, { success: true, ...done });
});
