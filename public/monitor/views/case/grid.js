/** @import { Case, CaseMonth, CasePod } from "../../data/types.js" */
import { longMonth, shortMonth, shortPod } from "../../lib/case-words.js";
import { h } from "../../lib/dom.js";
import { number, t } from "../../lib/i18n.js";

/** Of each state a sign, so that it is told without colour. @type {Record<CaseMonth["state"], string>} */
const SIGNS = { covered: "✓", unconfirmed: "?", known: "≈", missing: "–", not_due: "·" };
const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/**
 * The PODs by the months of the year: a table, each cell of which opens its bill.
 * @param {Case} theCase @param {(messageId: number) => void} open @param {(pod: CasePod) => void} change
 */
export const caseGrid = ({ year, pods }, open, change) =>
  h(
    "table",
    { class: "case-grid", role: "table" },
    h("caption", { class: "hidden" }, t.case.table(year)),
    h(
      "thead",
      {},
      h(
        "tr",
        { role: "row" },
        h("th", { scope: "col", role: "columnheader" }, t.case.pod),
        ...MONTHS.map((month) =>
          h("th", { scope: "col", role: "columnheader", abbr: longMonth(month) }, shortMonth(month)),
        ),
        h("th", { scope: "col", role: "columnheader" }, t.case.total),
      ),
    ),
    h("tbody", {}, ...pods.map((pod) => row(pod, open, change))),
  );

/** @param {CasePod} pod @param {(messageId: number) => void} open @param {(pod: CasePod) => void} change */
const row = (pod, open, change) =>
  h(
    "tr",
    { role: "row" },
    h(
      "th",
      { scope: "row", role: "rowheader" },
      h(
        "button",
        {
          type: "button",
          class: "case-pod",
          title: `${pod.pod} · ${t.case.change}`,
          click: () => change(pod),
        },
        shortPod(pod.pod),
        h("span", { class: "hidden" }, ` · ${t.case.change}`),
      ),
    ),
    ...pod.months.map((month) => h("td", { class: `month ${month.state}`, role: "cell" }, cell(month, pod, open))),
    h("td", { class: "case-total", role: "cell" }, total(pod)),
  );

/** @param {CaseMonth} month @param {CasePod} pod @param {(messageId: number) => void} open */
function cell({ month, state, kwh, bills }, { pod }, open) {
  const words = [
    `${longMonth(month)}, ${shortPod(pod)}: ${t.case.cells[state]}`,
    kwh !== null && `${number(kwh)} kWh`,
    bills.length > 1 && t.case.bills(bills.length),
  ]
    .filter(Boolean)
    .join(", ");
  const inside = [
    h("span", { class: "month-name", "aria-hidden": "true" }, shortMonth(month)),
    h("span", { "aria-hidden": "true" }, SIGNS[state]),
    h("span", { class: "hidden" }, words),
  ];
  const [first] = bills;
  if (first === undefined) return h("span", { class: "month-sign", title: words }, ...inside);
  return h("button", { type: "button", class: "month-sign", title: words, click: () => open(first) }, ...inside);
}

/** A number only if it is certain, with its parts. @param {CasePod} pod */
function total({ kwh, parts }) {
  if (kwh === null) return h("span", { title: t.case.noTotal }, "—", h("span", { class: "hidden" }, t.case.noTotal));
  return h("span", { title: parts.map((part) => number(part.kwh)).join(" + ") }, `${number(kwh)} kWh`);
}

/** What the signs mean. */
export const caseLegend = () =>
  h(
    "ul",
    { class: "case-legend" },
    .../** @type {CaseMonth["state"][]} */ (["covered", "unconfirmed", "known", "missing", "not_due"]).map((state) =>
      h(
        "li",
        { class: `month ${state}` },
        h("span", { class: "month-sign", "aria-hidden": "true" }, SIGNS[state]),
        t.case.cells[state],
      ),
    ),
  );
