/** @import { Sender } from "../data/types.js" */
import { address, setFilter } from "../data/route.js";
import { find, h, icon, isPlainClick, setAttribute } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

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
  const answers = find(root, "#bar-answers");
  const dot = h("span", { class: `dot ${first_contacts < ENOUGH ? "" : colour(answered / first_contacts)}` });
  fill(
    answers,
    first_contacts > 0,
    dot,
    h("span", {}, t.lights.answers(answered, first_contacts)),
    t.lights.answersHelp,
  );
  const lost = find(root, "#bar-undelivered");
  lost.classList.add("doubtful");
  const list = h("a", { href: address(TO_CALL), click: showList }, t.lights.undelivered(undelivered));
  fill(lost, undelivered > 0, icon("alert"), list, t.lights.undeliveredHelp);
}

/** WhatsApp does not say what it judges by: below a tenth a number looks like one that sends spam. @param {number} share */
const colour = (share) => (share >= 0.25 ? "good" : share >= 0.1 ? "busy" : "bad");

/** @param {HTMLElement} item @param {boolean} shown @param {Element} mark @param {HTMLElement} words @param {string} help */
function fill(item, shown, mark, words, help) {
  item.hidden = !shown;
  const version = mark.outerHTML + words.outerHTML;
  if (item.dataset.version === version) return;
  item.dataset.version = version;
  setAttribute(item, "title", help);
  item.replaceChildren(mark, words, h("span", { class: "hidden" }, help));
}
