import type { ExportRow } from "../supabase/monitor/export-conversations.ts";

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
const HEADER = [
  "Numero",
  "Nome",
  "Azienda",
  "Stato",
  "Ultimo messaggio",
  "Data ultimo messaggio",
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
];

const time = new Intl.DateTimeFormat("it-IT", { dateStyle: "short", timeStyle: "short", timeZone: "Europe/Rome" });
const at = (iso: string | null) => (iso === null ? "" : time.format(new Date(iso)).replace(",", ""));

/**
 * A list for Excel with Italian settings: semicolons, a byte order mark (else it reads UTF-8 as something else), times
 * in Europe/Rome.
 */
export function toCsv(rows: ExportRow[]): string {
  const lines = rows.map((row) => [
    row.phone_number ?? "",
    row.name ?? "",
    row.company_name ?? "",
    STATES[row.state],
    row.last_text ?? "",
    at(row.last_at),
    at(row.last_call_at),
    at(row.bill_at),
    row.bill_by ?? "",
    at(row.objected_at),
    row.objection_reason ?? "",
    String(row.unread),
    ...caseCells(row.case),
  ]);
  return `\uFEFF${[HEADER, ...lines].map((line) => line.map(cell).join(";")).join("\r\n")}\r\n`;
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

/** What a spreadsheet would take for a formula gets an apostrophe before it: customers choose their own words. */
function cell(text: string): string {
  const safe = /^[\s]*[=+\-@\t\r|%]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
