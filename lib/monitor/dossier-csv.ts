import type { BillExportRow } from "../supabase/bills/export-bills.ts";
import { toCsvFile } from "./csv-line.ts";

const HEAD = [
  "File",
  "POD",
  "Dal",
  "Al",
  "kWh",
  "Fornitore",
  "Intestatario",
  "Indirizzo della fornitura",
  "Numero della fattura",
  "Emessa il",
  "Confermata da",
];

/** What the bills of one customer say, by POD and period, for the summary of a dossier; numbers with a decimal comma. */
export function toDossierCsv(rows: BillExportRow[]): string {
  const kept = rows.filter(({ bill, supply }) => supply !== null && bill.duplicate_of === null);
  const lines = kept.map(({ file_name, bill, supply }) => [
    file_name ?? "",
    supply?.pod ?? "",
    supply?.period_from ?? "",
    supply?.period_to ?? "",
    supply?.kwh == null ? "" : String(supply.kwh).replace(".", ","),
    supply?.supplier ?? "",
    supply?.holder ?? "",
    supply?.address ?? "",
    supply?.invoice_number ?? "",
    supply?.issued_on ?? "",
    bill.confirmed_by ?? "",
  ]);
  return toCsvFile([HEAD, ...lines.toSorted((a, b) => (a.slice(1, 4).join() < b.slice(1, 4).join() ? -1 : 1))]);
}
