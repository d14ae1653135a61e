/** @import { Supply } from "../data/types.js" */
import { facts } from "../lib/bill-words.js";
import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** What is not sure has a question mark and a dotted line. @param {Supply} supply @param {boolean} confirmed */
export function supplyLine(supply, confirmed) {
  const parts = facts(supply).flatMap(({ words, sure }, index) => [
    index > 0 && " · ",
    confirmed || sure
      ? h("span", {}, words)
      : h(
          "span",
          { class: "unsure", title: t.bill.unsure },
          words,
          h("span", { class: "hidden" }, ` (${t.bill.unsure})`),
        ),
  ]);
  return h("span", { class: "supply-line" }, ...parts);
}
