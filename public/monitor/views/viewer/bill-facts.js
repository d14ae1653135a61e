/** @import { Evidence, StoredBill, Supply } from "../../data/types.js" */
import { dayWords, stateWords } from "../../lib/bill-words.js";
import { h, icon } from "../../lib/dom.js";
import { number, t } from "../../lib/i18n.js";

/** What a bill says, value by value, each with where it stands. @type {Exclude<keyof typeof t.bill.columns, "months">[]} */
export const COLUMNS = [
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
  "address",
  "issued_on",
  "invoice_number",
  "replaces_from",
  "replaces_to",
];

/**
 * @param {StoredBill} bill @param {number} messageId whose file is shown
 * @param {(evidence: Evidence | null) => void} show leads to the place on the page
 */
export function billFacts(bill, messageId, show) {
  const state = h(
    "p",
    { class: `viewer-state ${bill.confirmed_at ? "done" : bill.state}` },
    icon(bill.confirmed_at ? "tick" : bill.waits ? "question" : "bill"),
    stateWords(bill),
  );
  return h(
    "div",
    { class: "viewer-facts" },
    state,
    ...bill.supplies.map((supply) => list(supply, bill.confirmed_at !== null, messageId, show)),
  );
}

/** @param {Supply} supply @param {boolean} confirmed @param {number} messageId @param {(evidence: Evidence | null) => void} show */
function list(supply, confirmed, messageId, show) {
  const known = COLUMNS.filter((column) => supply[column] !== null);
  return h(
    "dl",
    {},
    ...known.map((column) => {
      const evidence = supply.evidence[column];
      const sure = confirmed || evidence?.sure;
      const place = evidence && (evidence.message_id ?? messageId) === messageId ? evidence : null;
      return h(
        "div",
        {
          class: sure ? "fact" : "fact unsure-fact",
          tabindex: place?.page ? "0" : null,
          mouseenter: () => show(place),
          focus: () => show(place),
        },
        h("dt", {}, t.bill.columns[column]),
        h(
          "dd",
          {},
          h("span", { class: sure ? "" : "unsure" }, inWords(column, supply[column])),
          " ",
          h("small", { class: "mark" }, sure ? "✓" : `? ${t.bill.unsure}`),
          evidence?.quote && h("q", {}, evidence.quote),
        ),
      );
    }),
    supply.months.length > 0 &&
      h(
        "div",
        { class: "fact" },
        h("dt", {}, t.bill.columns.months),
        h("dd", {}, supply.months.map(({ month, kwh }) => `${month}: ${number(kwh)}`).join(" · ")),
      ),
  );
}

/** @param {string} column @param {unknown} value */
function inWords(column, value) {
  if (typeof value === "number") return `${number(value)} ${column === "power_kw" ? "kW" : "kWh"}`;
  if (typeof value === "boolean") return value ? t.bill.yes : t.bill.no;
  if (column === "use") return value === "domestic" ? t.bill.domestic : t.bill.otherUse;
  return /^\d{4}-\d\d-\d\d$/.test(String(value)) ? dayWords(String(value)) : String(value);
}
