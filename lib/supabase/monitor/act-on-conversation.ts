import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";
import { FeedMessage } from "./feed.ts";

const Acted = z.union([
  z.object({ message: FeedMessage }),
  z.object({ bill: z.boolean() }),
  z.object({ seen: z.literal(true) }),
  z.object({ error: z.enum(["not_found", "not_possible", "objection"]), status: z.string().optional() }),
]);

export type ConversationAction =
  | {
      action: "reply";
      text: string;
      /** An idempotency key: the same reply handed in twice is one message. */
      clientId: string;
      /** At once, or within the sending hours. */
      when: "now" | "hours";
      /** Also to somebody who wants no automatic messages. */
      despiteObjection: boolean;
    }
  | { action: "bill_set" | "bill_unset" | "seen" };

/** Replies to a customer, sets the bill by hand, or marks the thread as seen, as the signed-in person. */
export async function actOnConversation(client: Supabase, conversationId: number, action: ConversationAction) {
  return Acted.parse(
    await rpc(client, "act_on_conversation", {
      p_action: action.action,
      p_conversation_id: conversationId,
      ...(action.action === "reply"
        ? {
            p_text: action.text,
            p_client_id: action.clientId,
            p_when: action.when,
            p_despite_objection: action.despiteObjection,
          }
        : {}),
    }),
  );
}
