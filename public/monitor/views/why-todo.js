/** @import { Todo } from "../../../lib/supabase/followup/todo.ts" */
import { locale, t } from "../lib/i18n.js";

const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", timeZone: "UTC" });

/** Why a customer is on a worklist, in a line. @param {Todo} item */
export function whyTodo({ reason, date, text }) {
  if (reason === null) return "";
  const why = reason === "promise" && date ? t.todo.promisedFor(day.format(new Date(date))) : t.todo.reasons[reason];
  return text ? `${why}: «${text.replace(/\s+/g, " ")}»` : why;
}
