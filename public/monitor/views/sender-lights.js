/** @import { Sender } from "../data/types.js" */
import { address, setFilter } from "../data/route.js";
import { find, h, icon, isPlainClick, setAttribute } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { fill } from "./bar-item.js";

/** Whom to call, as the list shows them. @type {{ open: null, state: "undelivered", q: "" }} */
const TO_CALL = { open: null, state: "undelivered", q: "" };

/** @param {MouseEvent} event */
function showList(event) {
  if (!isPlainClick(event)) return;
  event.preventDefault();
  setFilter({ state: "undelivered", q: "" }, "push");
}

/** From so many first messages on their answers say something. */
const ENOUGH = 10;

/**
 * How the number is doing: whether people answer, and whether messages arrive.
 * @param {HTMLElement} root of the bar @param {Sender} sender
 */
export function drawLights(root, { lights: { first_contacts, answered, undelivered } }) {
  const dot = h("span", { class: `dot ${first_contacts < ENOUGH ? "" : colour(answered / first_contacts)}` });
  const answers = h("span", {}, t.lights.answers(answered, first_contacts));
  light(find(root, "#bar-answers"), first_contacts > 0, "", t.lights.answersHelp, dot, answers);
  const list = h("a", { href: address(TO_CALL), click: showList }, t.lights.undelivered(undelivered));
  light(find(root, "#bar-undelivered"), undelivered > 0, "doubtful", t.lights.undeliveredHelp, icon("alert"), list);
}

/** WhatsApp does not say what it judges by: below a tenth a number looks like one that sends spam. @param {number} share */
const colour = (share) => (share >= 0.25 ? "good" : share >= 0.1 ? "busy" : "bad");

/**
 * @param {HTMLElement} item @param {boolean} shown @param {string} className @param {string} help
 * @param {...Element} content
 */
function light(item, shown, className, help, ...content) {
  item.hidden = !shown;
  setAttribute(item, "title", help);
  fill(item, className, ...content, h("span", { class: "hidden" }, help));
}
