import type { Label } from "../answer-label.ts";
import type { ExportRow } from "../supabase/monitor/export-conversations.ts";
import { at, toCsvFile } from "./csv-line.ts";
import { TODO_REASONS } from "./todo-csv.ts";

const STATES: Record<ExportRow["state"], string> = {
  none: "nessuna richiesta",
  waiting: "in attesa",
  answered: "ha risposto",
  bill: "bolletta ricevuta",
  error: "errore",
  check: "da verificare",
};
const CASE_STATES: Record<ExportRow["case"]["state"], string> = {
  none: "nessun file",
  open: "aperta",
  complete: "completa",
  declared: "dichiarata completa",
};
const LABELS: Record<Label, string> = {
  promise: "promette",
  question: "domanda",
  no_bills: "senza bollette",
  wrong_number: "numero sbagliato",
  refusal: "rifiuta",
  by_email: "via e-mail",
  other: "altro",
};
const HEADER = [
  "Numero",
  "Nome",
  "Azienda",
  "Stato",
  "Ultimo messaggio",
  "Data ultimo messaggio",
  "Che cosa risponde",
  "Promessa entro",
  "Da fare",
  "Ultima chiamata",
  "Bolletta ricevuta",
  "Segnata da",
  "Opposizione",
  "Motivo dell’opposizione",
  "Non letti",
  "Anno della pratica",
  "Pratica",
  "Mesi coperti",
  "Mesi dovuti",
  "Mesi mancanti",
  "Bollette",
];

/** The list for a spreadsheet. */
export function toCsv(rows: ExportRow[]): string {
  const lines = rows.map((row) => [
    row.phone_number ?? "",
    row.name ?? "",
    row.company_name ?? "",
    STATES[row.state],
    row.last_text ?? "",
    at(row.last_at),
    row.label ? LABELS[row.label.value] : "",
    row.label?.date?.split("-").reverse().join("/") ?? "",
    row.todo.flatMap(({ reason }) => (reason === null ? [] : [TODO_REASONS[reason]])).join(", "),
    at(row.last_call_at),
    at(row.bill_at),
    row.bill_by ?? "",
    at(row.objected_at),
    row.objection_reason ?? "",
    String(row.unread),
    ...caseCells(row.case),
    row.bills.map(billInWords).join("\n"),
  ]);
  return toCsvFile([HEADER, ...lines]);
}

/** A case whose PODs nobody knows has no months. */
const caseCells = ({ year, state, covered, of, missing }: ExportRow["case"]) => [
  year === null ? "" : String(year),
  CASE_STATES[state],
  of === null ? "" : String(covered),
  of === null ? "" : String(of),
  missing
    .map(({ pod, months }) => `${pod}: ${months.map((month) => `${year}-${String(month).padStart(2, "0")}`).join(" ")}`)
    .join(", "),
];

/** A supply in a line, as a bill's card has it; what nobody has confirmed has a question mark. */
function billInWords({ supplier, pod, period_from, period_to, kwh, power_kw, confirmed }: ExportRow["bills"][number]) {
  const period = period_from && period_to && `${period_from} – ${period_to}`;
  const facts = [
    supplier,
    pod && `POD ${pod}`,
    period,
    kwh !== null && `${kwh} kWh`,
    power_kw !== null && `${power_kw} kW`,
  ];
  return `${facts.filter(Boolean).join(" · ")}${confirmed ? "" : " (?)"}`;
}
