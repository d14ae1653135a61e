import { z } from "zod/v3";
import { CALL_REASONS } from "../../error-code.ts";
import { Case } from "../cases/case.ts";
import { rpc, type Supabase } from "../client.ts";
import { Reminders } from "../reminders/reminders.ts";
import { code, FeedConversation, FeedMessage } from "./feed.ts";

const Bill = z.object({
  /** Of its message. */
  id: z.number(),
  type: z.enum(["image", "document"]),
  at: z.string(),
  file_name: z.string().nullable(),
  /** Bytes. */
  size: z.number().nullable(),
  pages: z.number().nullable(),
});

const Call = z.object({
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
  reason: code(CALL_REASONS),
  recording_url: z.string().nullable(),
  /** By which a customer who writes first names it: see lib/call-code.ts. */
  code: z.string().nullable(),
});

const StaffAction = z.object({
  id: z.number(),
  at: z.string(),
  who: z.string(),
  action: z.enum([
    "retry",
    "resend",
    "give_up",
    "cancel",
    "pause",
    "resume",
    "reply",
    "bill_set",
    "bill_unset",
    "objection_set",
    "objection_lift",
    "objection_none",
    "case_year",
    "case_pod_add",
    "case_pod_remove",
    "case_pod_merge",
    "case_supply",
    "case_declare",
    "case_reopen",
    "reminders",
    "reminder_texts",
    "bill_confirm",
    "bill_correct",
    "bill_page",
    "bill_reject",
    "code_join",
    "code_refuse",
    "second_number",
    "done",
    "label",
  ]),
  message_id: z.number().nullable(),
  /** Why, in their own words, if they were asked. */
  reason: z.string().nullable(),
});

const Thread = z.object({
  conversation: FeedConversation.extend({ reminders: Reminders }),
  messages: z.array(FeedMessage),
  more: z.boolean(),
  /** The customer's files that count as bills and are kept, newest first. */
  bills: z.array(Bill),
  case: Case,
  /** Codes of other customers' calls that this one has written: staff decide whether both are one. */
  codes: z.array(
    z.object({
      message_id: z.number(),
      code: z.string(),
      conversation: FeedConversation.pick({ id: true, name: true, phone_number: true }),
    }),
  ),
  calls: z.array(Call),
  actions: z.array(StaffAction),
});
export type Thread = z.infer<typeof Thread>;

const Answer = z.union([Thread, z.object({ error: z.literal("not_found") })]);

/** A conversation: its newest messages (before one, to page back), its calls, and what staff did. */
export async function readThread(client: Supabase, conversationId: number, limit: number, before: number | null) {
  return Answer.parse(
    await rpc(client, "read_thread", {
      p_conversation_id: conversationId,
      p_limit: limit,
      ...(before === null ? {} : { p_before: before }),
    }),
  );
}
