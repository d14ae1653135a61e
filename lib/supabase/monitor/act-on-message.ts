import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Acted = z.union([
  z.object({ message: z.object({ id: z.number(), status: z.string() }) }),
  z.object({ error: z.enum(["not_found", "not_possible"]), status: z.string().optional() }),
]);

export const MESSAGE_ACTIONS = ["retry", "resend", "give_up", "cancel"] as const;

/** Does to a message what the state machine allows, as the signed-in person. */
export async function actOnMessage(client: Supabase, action: (typeof MESSAGE_ACTIONS)[number], messageId: number) {
  return Acted.parse(await rpc(client, "act_on_message", { p_action: action, p_message_id: messageId }));
}
