/** @import { StoredBill, Supply } from "../data/types.js" */
import { locale, number, t } from "./i18n.js";

const month = new Intl.DateTimeFormat(locale, { month: "short", timeZone: "UTC" });
const shortDay = new Intl.DateTimeFormat(locale, {
  day: "2-digit",
  month: "2-digit",
  year: "2-digit",
  timeZone: "UTC",
});
const DAY_MS = 86_400_000;

/** “gen–feb 2025” of whole months, else the days. @param {string} from YYYY-MM-DD @param {string} to */
function period(from, to) {
  const [begin, end] = [new Date(`${from}T00:00Z`), new Date(`${to}T00:00Z`)];
  if (begin.getUTCDate() !== 1 || new Date(+end + DAY_MS).getUTCDate() !== 1)
    return `${shortDay.format(begin)}–${shortDay.format(end)}`;
  const [first, last] = [month.format(begin), month.format(end)];
  const [year, lastYear] = [begin.getUTCFullYear(), end.getUTCFullYear()];
  if (year !== lastYear) return `${first} ${year}–${last} ${lastYear}`;
  return first === last ? `${first} ${year}` : `${first}–${last} ${year}`;
}

/** @param {string} day YYYY-MM-DD */
export const dayWords = (day) => shortDay.format(new Date(`${day}T00:00Z`));

/**
 * What a card says of a supply, and of each whether it is sure.
 * @param {Supply} supply
 */
export function facts(supply) {
  const { supplier, pod, period_from, period_to, kwh, power_kw } = supply;
  const sure = (/** @type {string[]} */ ...columns) =>
    columns.every((column) => supply.evidence[column]?.sure ?? false);
  return [
    supplier && { words: supplier, sure: sure("supplier") },
    pod && { words: `POD …${pod.slice(-4)}`, sure: sure("pod") },
    period_from && period_to && { words: period(period_from, period_to), sure: sure("period_from", "period_to") },
    kwh !== null && { words: `${number(kwh)} kWh`, sure: sure("kwh") },
    power_kw !== null && { words: `${number(power_kw)} kW`, sure: sure("power_kw") },
  ].filter((fact) => fact !== null && fact !== "" && fact !== false);
}

/** What a file is, and what is to be done with it. @param {StoredBill} bill */
export function stateWords({ state, kind, reason, page_of, duplicate_of, confirmed_by }) {
  if (page_of !== null) return confirmed_by ? t.bill.page : t.bill.pageProposed;
  if (duplicate_of !== null) return t.bill.repeat;
  if (state === "not_a_bill") return t.bill.kinds[kind ?? "other"] ?? t.bill.kinds.other;
  if (confirmed_by) return t.bill.confirmedBy(confirmed_by);
  const why = reason && (t.bill.reasons[reason] ?? "");
  return why ? `${t.bill.states[state]}: ${why}` : t.bill.states[state];
}
