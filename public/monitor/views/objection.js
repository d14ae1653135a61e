/** @import { Conversation } from "../data/types.js" */
import { currentConversation } from "../data/store.js";
import { h, icon, isDrawn, present } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { clockWithDay } from "../lib/time.js";
import { decideObjection } from "./decide-objection.js";

/** Below the customer's name: that they want no messages, or that somebody must decide it. @param {HTMLElement} place */
export function drawObjection(place) {
  const conversation = currentConversation();
  const { objection = null, objection_asked: asked = false } = conversation ?? {};
  if (isDrawn(place, JSON.stringify([conversation?.id, objection, asked]))) return;
  place.hidden = objection === null && !asked;
  place.classList.toggle("asked", asked);
  place.replaceChildren(...(conversation && !place.hidden ? content(conversation) : []));
}

/** @param {Conversation} conversation */
function content(conversation) {
  const { objection, objection_asked: asked } = conversation;
  /** @param {string} label @param {boolean} objects */
  const button = (label, objects) =>
    h(
      "button",
      {
        type: "button",
        class: "button quiet",
        "data-objects": String(objects),
        click: () => void decideObjection(conversation, objects),
      },
      label,
    );
  return present([
    icon(asked ? "question" : "block"),
    h(
      "p",
      {},
      objection && h("strong", {}, t.objection.what),
      objection && h("span", { dir: "auto" }, ` · ${details(objection)}`),
      asked && h("span", { class: "objection-asked" }, objection ? t.objection.askedAgain : t.objection.asked),
    ),
    asked && button(objection ? t.objection.keep : t.objection.objects, true),
    button(objection ? t.objection.lift : t.objection.doesNot, false),
  ]);
}

/** Who says so, since when, and why. @param {NonNullable<Conversation["objection"]>} objection */
function details({ at, by, reason }) {
  const time = clockWithDay(at);
  const who = by === "customer" ? t.objection.byCustomer(time) : t.objection.byStaff(by, time);
  return reason ? `${who}: ${t.objection.reason(reason)}` : who;
}
