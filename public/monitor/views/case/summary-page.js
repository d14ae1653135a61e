/** @import { Case, Conversation, Message } from "../../data/types.js" */
import { dayWords } from "../../lib/bill-words.js";
import { longMonth, shortMonth, shortPod, warningWords } from "../../lib/case-words.js";
import { h } from "../../lib/dom.js";
import { number, t } from "../../lib/i18n.js";
import { who } from "../../lib/text.js";
import { full } from "../../lib/time.js";

const STYLE = `body{font:11pt/1.4 system-ui,sans-serif;margin:2rem;color:#111}table{border-collapse:collapse;inline-size:100%;margin-block:.75rem}
td,th{border:1px solid #999;padding:.2rem .35rem;font-size:9pt;text-align:start}.covered{background:#d9f3e2}.missing{background:#fde6e3}
.known{background:repeating-linear-gradient(45deg,#d9f3e2 0 4px,#fff 4px 8px)}.unconfirmed{outline:1px dashed #555;outline-offset:-3px}@page{size:A4 landscape;margin:12mm}`;

/**
 * The page that a dossier begins with, to be printed: the grid, the kWh, and who confirmed what.
 *
 * @param {Case} theCase @param {Conversation} conversation @param {{ message: Message, name: string }[]} files
 * @returns {string} HTML
 */
export function summaryPage(theCase, conversation, files) {
  const page = document.implementation.createHTMLDocument(`${t.case.title(theCase.year)} · ${who(conversation)}`);
  page.documentElement.lang = document.documentElement.lang;
  page.head.append(h("meta", { charset: "utf-8" }));
  page.body.append(
    h("h1", {}, `${t.case.summary.title} ${theCase.year}`),
    h("p", {}, `${t.case.summary.customer}: ${who(conversation)} · ${t.case.summary.made}: ${full(Date.now())}`),
    grid(theCase),
    h("ul", {}, ...theCase.warnings.map((warning) => h("li", {}, warningWords(warning)))),
    list(files),
  );
  // As text: this page may have no style of its own, and says so of every document that it makes.
  return `<!doctype html>${page.documentElement.outerHTML.replace("</head>", `<style>${STYLE}</style></head>`)}`;
}

/** @param {Case} theCase */
const grid = ({ year, pods }) =>
  h(
    "table",
    {},
    h("caption", {}, t.case.table(year)),
    h(
      "tr",
      {},
      h("th", {}, t.case.pod),
      ...(pods[0]?.months ?? []).map(({ month }) => h("th", { abbr: longMonth(month) }, shortMonth(month))),
      h("th", {}, t.case.summary.kwh),
    ),
    ...pods.map(({ pod, months, kwh, parts }) =>
      h(
        "tr",
        {},
        h("th", {}, pod),
        ...months.map((month) =>
          h(
            "td",
            { class: month.state },
            month.kwh === null ? t.case.cells[month.state] : `${t.case.cells[month.state]}, ${number(month.kwh)}`,
          ),
        ),
        h("td", {}, kwh === null ? "—" : `${number(kwh)} = ${parts.map((part) => number(part.kwh)).join(" + ")}`),
      ),
    ),
  );

/** @param {{ message: Message, name: string }[]} files */
const list = (files) =>
  h(
    "table",
    {},
    h(
      "tr",
      {},
      ...[
        t.case.summary.file,
        t.case.pod,
        t.case.from,
        t.case.to,
        t.case.summary.kwh,
        t.case.summary.supplier,
        t.case.summary.holder,
        t.case.summary.confirmed,
      ].map((words) => h("th", {}, words)),
    ),
    ...files.flatMap(({ message: { bill }, name }) =>
      (bill?.supplies.length ? bill.supplies : [null]).map((supply) =>
        h(
          "tr",
          {},
          ...[
            name,
            supply?.pod ? shortPod(supply.pod) : "",
            supply?.period_from ? dayWords(supply.period_from) : "",
            supply?.period_to ? dayWords(supply.period_to) : "",
            supply?.kwh == null ? "" : number(supply.kwh),
            supply?.supplier ?? "",
            supply?.holder ?? "",
            bill?.confirmed_by ?? t.case.summary.nobody,
          ].map((words) => h("td", {}, words)),
        ),
      ),
    ),
  );
