import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";
import { FeedConversation } from "./feed.ts";

const Acted = z.union([
  z.object({ objection: FeedConversation.shape.objection }),
  z.object({ error: z.literal("not_found") }),
]);

/** Says that a customer wants no automatic messages, or does not object (any more), and why, as the signed-in person. */
export async function actOnObjection(client: Supabase, conversationId: number, objects: boolean, reason: string) {
  return Acted.parse(
    await rpc(client, "act_on_objection", {
      p_conversation_id: conversationId,
      p_objects: objects,
      p_reason: reason,
    }),
  );
}
