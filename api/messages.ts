import { z } from "zod/v3";
import { LABELS } from "../lib/answer-label.ts";
import { start } from "../lib/background/run.ts";
import { readBody } from "../lib/http/body.ts";
import { endpoint, json, methodNotAllowed } from "../lib/http/endpoint.ts";
import { HttpError } from "../lib/http/errors.ts";
import { CASE_ACTIONS, daysInOrder } from "../lib/monitor/case-action.ts";
import { CorrectedSupply } from "../lib/monitor/corrected-supply.ts";
import { requireOwnOrigin } from "../lib/monitor/origin.ts";
import { explain } from "../lib/monitor/query-params.ts";
import { REMINDER_ACTIONS } from "../lib/monitor/reminder-action.ts";
import { asStaff } from "../lib/monitor/session.ts";
import { TODO_ACTIONS } from "../lib/monitor/todo-action.ts";
import { actOnBill } from "../lib/supabase/bills/act-on-bill.ts";
import { actOnCase } from "../lib/supabase/cases/act-on-case.ts";
import type { Supabase } from "../lib/supabase/client.ts";
import { actOnLabel } from "../lib/supabase/followup/act-on-label.ts";
import { finishTodo } from "../lib/supabase/followup/finish-todo.ts";
import { actOnCode } from "../lib/supabase/monitor/act-on-code.ts";
import { actOnConversation } from "../lib/supabase/monitor/act-on-conversation.ts";
import { actOnMessage, MESSAGE_ACTIONS } from "../lib/supabase/monitor/act-on-message.ts";
import { actOnObjection } from "../lib/supabase/monitor/act-on-objection.ts";
import { actOnSender, SENDER_ACTIONS } from "../lib/supabase/monitor/act-on-sender.ts";
import { addNumber } from "../lib/supabase/monitor/add-number.ts";
import { pauseReminders } from "../lib/supabase/reminders/pause-reminders.ts";
import { writeReminderTexts } from "../lib/supabase/reminders/write-reminder-texts.ts";

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = methodNotAllowed("POST");

const id = z.number().int().positive().safe();
const Day = z.string().date();
const OneAction = z.discriminatedUnion("action", [
  z.object({ action: z.enum(MESSAGE_ACTIONS), id }),
  z.object({ action: z.enum(SENDER_ACTIONS) }),
  z.object({
    action: z.literal("reply"),
    conversation_id: id,
    text: z.string().trim().min(1).max(4096),
    client_id: z.string().uuid(),
    when: z.enum(["now", "hours"]).default("now"),
    despite_objection: z.boolean().default(false),
  }),
  z.object({
    action: z.literal("objection"),
    conversation_id: id,
    objects: z.boolean(),
    reason: z.string().trim().min(1).max(500),
  }),
  z.object({ action: z.literal("bill"), conversation_id: id, received: z.boolean() }),
  z.object({ action: z.enum(["bill_confirm", "bill_reject"]), id }),
  z.object({ action: z.literal("bill_page"), id, of: id }),
  z.object({ action: z.literal("bill_correct"), id, supplies: z.array(CorrectedSupply).min(1).max(50) }),
  z.object({ action: z.literal("seen"), conversation_id: id }),
  ...CASE_ACTIONS,
  ...TODO_ACTIONS,
  ...REMINDER_ACTIONS,
  // Only a promise has a day.
  z.object({ action: z.literal("label"), id, value: z.enum(LABELS), date: Day.nullable().default(null) }),
]);
const Action = OneAction.refine(daysInOrder, { path: ["to"], message: "is before from" });
type Action = z.infer<typeof Action>;

/** These queue something to send. */
const SENDING = ["retry", "resend", "resume", "reply", "bill_reject", "second_number"];

/** POST /api/messages: staff's actions on a message, a conversation or the whole queue. */
export const POST = endpoint("messages", async (request, context) => {
  requireOwnOrigin(request);
  const body = await readBody(request);
  const parsed = Action.safeParse(body.ok ? body.value : null);
  if (!parsed.success) throw new HttpError(400, "invalid_action", `Not an action: ${explain(parsed.error)}`);
  const { action } = parsed.data;
  if (parsed.data.action === "label" && parsed.data.value !== "promise" && parsed.data.date !== null)
    throw new HttpError(400, "invalid_action", "Not an action: date: only a promise has one.");
  context.note({ action });
  const done = await asStaff(request, context, (client) => act(client, parsed.data));
  if ("error" in done) {
    if (done.error === "not_found") throw new HttpError(404, "not_found", "Not found: it may have been deleted.");
    if (done.error === "objection") {
      const message = "The customer wants no messages. If it is to go all the same, send despite_objection: true.";
      throw new HttpError(409, "objection", message);
    }
    throw new HttpError(409, "not_possible", `${action} is not possible: ${done.status}.`);
  }
  if (SENDING.includes(action)) start(context, "drain");
  return json(200, { success: true, ...done });
});

async function act(client: Supabase, action: Action) {
  switch (action.action) {
    case "pause":
    case "resume":
      return actOnSender(client, action.action);
    case "reply":
      return actOnConversation(client, action.conversation_id, {
        action: "reply",
        text: action.text,
        clientId: action.client_id,
        when: action.when,
        despiteObjection: action.despite_objection,
      });
    case "objection":
      return actOnObjection(client, action.conversation_id, action.objects, action.reason);
    case "bill":
      return actOnConversation(client, action.conversation_id, { action: action.received ? "bill_set" : "bill_unset" });
    case "case_year":
    case "case_pod":
    case "case_pod_merge":
    case "case_supply":
    case "case_months":
    case "case_declare":
    case "case_reopen":
      return actOnCase(client, action);
    case "second_number":
      return addNumber(client, action.conversation_id, action.phone_number);
    case "join":
      return actOnCode(client, action.id, action.accept);
    case "done":
      return finishTodo(client, action.conversation_id, action.todo);
    case "reminders":
      return pauseReminders(client, action.conversation_id, action.paused_until);
    case "reminder_texts":
      return writeReminderTexts(client, action.texts);
    case "seen":
      return actOnConversation(client, action.conversation_id, { action: "seen" });
    case "label":
      return actOnLabel(client, action.id, action.value, action.date);
    case "bill_confirm":
    case "bill_reject":
    case "bill_page":
    case "bill_correct":
      return actOnBill(client, action);
    default:
      return actOnMessage(client, action.action, action.id);
  }
}
