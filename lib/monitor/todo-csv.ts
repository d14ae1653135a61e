import type { Todo } from "../supabase/followup/todo.ts";
import type { ExportRow } from "../supabase/monitor/export-conversations.ts";
import { at, toCsvFile } from "./csv-line.ts";

/** Why a customer is on a worklist. */
export const TODO_REASONS: Record<NonNullable<Todo["reason"]>, string> = {
  question: "ha una domanda",
  refusal: "non vuole mandarle",
  by_email: "dice: per e-mail",
  wrong_number: "numero sbagliato",
  promise: "ha promesso e non ha mandato",
  to_confirm: "bollette da confermare",
  complete: "chiedere delle altre forniture",
  not_on_whatsapp: "non è su WhatsApp",
  landline: "numero fisso",
  never_delivered: "messaggio mai consegnato",
  reminded: "promemoria senza esito",
};

/** A worklist for a dialler: numbers are digits, as CloudTalk writes them; with a + a spreadsheet takes them for a formula. */
export function toTodoCsv(rows: ExportRow[], todo: Todo["todo"]): string {
  const lines = rows.map((row) => {
    const item = row.todo.find((one) => one.todo === todo);
    return [
      row.phone_number?.slice(1) ?? "",
      row.name ?? "",
      row.company_name ?? "",
      item?.reason ? TODO_REASONS[item.reason] : "",
      at(item?.at ?? null),
      item?.date ?? "",
      item?.text ?? "",
      row.case.missing.map(({ pod, months }) => `${pod}: ${months.join(" ")}`).join(", "),
    ];
  });
  return toCsvFile([
    ["Numero", "Nome", "Azienda", "Perché", "Dal", "Promesso per", "Ha scritto", "Mesi mancanti"],
    ...lines,
  ]);
}
