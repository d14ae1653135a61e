import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Acted = z.union([
  z.object({ paused: z.boolean() }),
  z.object({ error: z.literal("not_possible"), status: z.string() }),
]);

export const SENDER_ACTIONS = ["pause", "resume"] as const;

/** Pauses or resumes all sending, as the signed-in person. */
export async function actOnSender(client: Supabase, action: (typeof SENDER_ACTIONS)[number]) {
  return Acted.parse(await rpc(client, "act_on_sender", { p_action: action }));
}
