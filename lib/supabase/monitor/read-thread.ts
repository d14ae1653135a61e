import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";
import { FeedConversation, FeedMessage } from "./feed.ts";

const Thread = z.union([
  z.object({
    conversation: FeedConversation,
    messages: z.array(FeedMessage),
    more: z.boolean(),
    /** The customer's files that count as bills and are kept, newest first. */
    bills: z.array(
      z.object({
        id: z.number(),
        type: z.enum(["image", "document"]),
        at: z.string(),
        file_name: z.string().nullable(),
        /** Bytes. */
        size: z.number().nullable(),
        pages: z.number().nullable(),
      }),
    ),
    calls: z.array(
      z.object({
        id: z.number(),
        at: z.string(),
        direction: z.string().nullable(),
        /** Seconds. */
        duration: z.number().nullable(),
        talking_time: z.number().nullable(),
        /** Whether the payload shows that people talked; null if it does not say. */
        talked: z.boolean().nullable(),
        agent_name: z.string().nullable(),
        status: z.string().nullable(),
        call_result: z.string().nullable(),
        should_send: z.boolean().nullable(),
        reason: z.string(),
        recording_url: z.string().nullable(),
      }),
    ),
    actions: z.array(
      z.object({
        id: z.number(),
        at: z.string(),
        who: z.string(),
        action: z.string(),
        message_id: z.number().nullable(),
      }),
    ),
  }),
  z.object({ error: z.literal("not_found") }),
]);

/** A conversation: its newest messages (before one, to page back), its calls, and what staff did. */
export async function readThread(client: Supabase, conversationId: number, limit: number, before: number | null) {
  return Thread.parse(
    await rpc(client, "read_thread", {
      p_conversation_id: conversationId,
      p_limit: limit,
      ...(before === null ? {} : { p_before: before }),
    }),
  );
}
