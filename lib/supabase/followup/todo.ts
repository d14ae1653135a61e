import { z } from "zod/v3";

/** The worklists, in the order in which staff go through them. */
export const TODOS = [
  "questions",
  "wrong_numbers",
  "promises",
  "bills",
  "other_supplies",
  "not_reachable",
  "never_delivered",
  "to_call",
] as const;

/** Why a customer is on one (private.todo_items). */
const REASONS = [
  "question",
  "refusal",
  "by_email",
  "wrong_number",
  "promise",
  "to_confirm",
  "complete",
  "not_on_whatsapp",
  "landline",
  "never_delivered",
  "reminded",
] as const;

/** An item of a worklist. */
export const Todo = z.object({
  todo: z.enum(TODOS),
  reason: z.enum(REASONS).nullable().catch(null),
  /** Since when; null if that is not known. */
  at: z.string().nullable(),
  /** What was promised until when, YYYY-MM-DD. */
  date: z.string().nullable(),
  /** The message that it is about, and its words if they are the reason. */
  message_id: z.number().nullable(),
  text: z.string().nullable(),
});
export type Todo = z.infer<typeof Todo>;

const n = z.number();
export const TodoCounts = z.object({
  questions: n,
  wrong_numbers: n,
  promises: n,
  bills: n,
  other_supplies: n,
  not_reachable: n,
  never_delivered: n,
  to_call: n,
} satisfies Record<Todo["todo"], typeof n>);
export type TodoCounts = z.infer<typeof TodoCounts>;
