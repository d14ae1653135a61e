/** @import { Conversation } from "../data/types.js" */
import { closeConversation } from "../data/route.js";
import { currentConversation, currentThread, store } from "../data/store.js";
import { h, icon, isDrawn, present } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { initials, phone, who } from "../lib/text.js";
import { clockWithDay } from "../lib/time.js";
import { setBill } from "./actions.js";
import { stateBadge } from "./badge.js";
import { billList } from "./bills.js";
import { decideObjection } from "./decide-objection.js";

/** The customer, their bills, and the switch that marks the bill as received. @param {HTMLElement} header */
export function drawThreadHeader(header) {
  const conversation = currentConversation();
  const thread = currentThread();
  const bills = thread?.bills ?? [];
  const version = JSON.stringify([
    store.open,
    thread?.status,
    bills.map((bill) => bill.id),
    conversation && { ...conversation, last: null, last_at: null, unread: 0 },
  ]);
  if (isDrawn(header, version)) return;
  const focused = header.contains(document.activeElement) ? document.activeElement?.id : undefined;
  header.replaceChildren(
    ...present(
      conversation
        ? [
            avatar(conversation),
            whose(conversation),
            bills.length > 0 && billList(bills),
            billSwitch(conversation),
            conversation.objection === null && !conversation.objection_asked && objectionButton(conversation),
            backButton(),
          ]
        : [
            h("div", { class: "thread-who" }, heading(thread?.status === "missing" ? t.thread.label : t.loading)),
            backButton(),
          ],
    ),
  );
  if (focused) document.getElementById(focused)?.focus();
}

/** @param {string} name */
const heading = (name) => h("h2", { id: "thread-title", tabindex: "-1", dir: "auto" }, name);

/** @param {Conversation} conversation */
const avatar = ({ state, name }) =>
  h("span", { class: `avatar state-${state}`, "aria-hidden": "true" }, initials(name) || icon("person"));

/** @param {Conversation} conversation */
function whose(conversation) {
  const { name, phone_number } = conversation;
  return h(
    "div",
    { class: "thread-who" },
    heading(who(conversation)),
    h(
      "p",
      {},
      stateBadge(conversation),
      phone_number && name && h("a", { href: `tel:${phone_number}`, title: t.thread.call }, phone(phone_number)),
    ),
  );
}

/** @param {Conversation} conversation */
function billSwitch({ id, state, bill_at, bill_by }) {
  const received = bill_at !== null || state === "bill";
  const since = bill_at && clockWithDay(bill_at);
  return h(
    "button",
    {
      type: "button",
      id: "bill",
      class: "switch",
      role: "switch",
      "aria-checked": String(received),
      click: () => void setBill(id, !received),
    },
    h("span", { class: "switch-track", "aria-hidden": "true" }),
    h(
      "span",
      { class: "switch-words" },
      t.thread.bill,
      since && h("small", {}, bill_by ? t.thread.billBy(bill_by, since) : t.thread.billAt(since)),
    ),
  );
}

/** @param {Conversation} conversation */
function objectionButton(conversation) {
  const label = t.objection.set;
  return h(
    "button",
    {
      type: "button",
      class: "round",
      id: "set-objection",
      "aria-label": label,
      title: label,
      click: () => void decideObjection(conversation, true),
    },
    icon("block"),
  );
}

function backButton() {
  const label = t.thread.back;
  return h(
    "button",
    { type: "button", class: "round", id: "back", "aria-label": label, title: label, click: closeConversation },
    icon("back"),
    icon("close"),
  );
}
