import type { BillExportRow } from "../supabase/bills/export-bills.ts";
import { at, toCsvFile } from "./csv-line.ts";

/** In the words and the order of the tables: this file is for other programs too. */
const BILL = [
  "id",
  "message_id",
  "state",
  "kind",
  "reason",
  "reader_version",
  "page_of",
  "duplicate_of",
  "confirmed_at",
  "confirmed_by",
] as const;
const SUPPLY = [
  "pod",
  "period_from",
  "period_to",
  "kwh",
  "kwh_f1",
  "kwh_f2",
  "kwh_f3",
  "measured",
  "annual_kwh",
  "annual_from",
  "annual_to",
  "power_kw",
  "voltage",
  "use",
  "supplier",
  "holder",
  "holder_hash",
  "address",
  "issued_on",
  "invoice_number",
  "replaces_from",
  "replaces_to",
  "months",
  "evidence",
] as const;

/** All bill files for a spreadsheet, a line a supply; numbers with a decimal comma. */
export const toBillsCsv = (rows: BillExportRow[]): string =>
  toCsvFile([
    ["Numero", "Nome", "Ricevuta", "File", ...BILL, ...SUPPLY],
    ...rows.map(({ phone_number, name, received_at, file_name, bill, supply }) => [
      phone_number ?? "",
      name ?? "",
      at(received_at),
      file_name ?? "",
      ...BILL.map((column) => inWords(column === "confirmed_at" ? at(bill[column]) : bill[column])),
      ...SUPPLY.map((column) => inWords(supply?.[column] ?? null)),
    ]),
  ]);

function inWords(value: unknown): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value).replace(".", ",");
  if (typeof value === "boolean") return value ? "sì" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}
