import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";
import { FeedMessage } from "./feed.ts";

const Acted = z.union([
  z.object({ message: FeedMessage }),
  z.object({ bill: z.boolean() }),
  z.object({ seen: z.literal(true) }),
  z.object({ error: z.enum(["not_found", "not_possible"]), status: z.string().optional() }),
]);

export type ConversationAction =
  /** `clientId` is an idempotency key: the same reply handed in twice is one message. */
  { action: "reply"; text: string; clientId: string } | { action: "bill_set" | "bill_unset" | "seen" };

/** Replies to a customer, sets the bill by hand, or marks the thread as seen, as the signed-in person. */
export async function actOnConversation(client: Supabase, conversationId: number, action: ConversationAction) {
  return Acted.parse(
    await rpc(client, "act_on_conversation", {
      p_action: action.action,
      p_conversation_id: conversationId,
      ...(action.action === "reply" ? { p_text: action.text, p_client_id: action.clientId } : {}),
    }),
  );
}
