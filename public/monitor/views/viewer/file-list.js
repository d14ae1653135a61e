/** @import { Item } from "./open-viewer.js" */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { who } from "../../lib/text.js";

/**
 * The files that are to be confirmed, of which one is shown.
 * @param {Item[]} items @param {number} at @param {(index: number) => void} go
 */
export const fileList = (items, at, go) =>
  items.map(({ message: { bill }, conversation }, index) =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", "aria-current": index === at ? "true" : null, click: () => go(index) },
        h("strong", {}, conversation ? who(conversation) : ""),
        h("small", {}, bill ? (bill.confirmed_at ? t.bill.done : t.bill.states[bill.state]) : ""),
      ),
    ),
  );

/**
 * Which of them it is, and the ways to its neighbours: on a phone there is no list, and no J and K.
 * @param {number} count @param {number} at @param {(index: number) => void} go
 */
export const fileSteps = (count, at, go) =>
  h(
    "p",
    { class: "viewer-steps" },
    step("‹", t.bill.previousFile, at > 0, () => go(at - 1)),
    h("span", { class: "viewer-where" }, `${at + 1} / ${count}`),
    step("›", t.bill.nextFile, at + 1 < count, () => go(at + 1)),
  );

/** @param {string} sign @param {string} words @param {boolean} possible @param {() => void} click */
const step = (sign, words, possible, click) =>
  h("button", { type: "button", class: "round", "aria-label": words, title: words, disabled: !possible, click }, sign);
