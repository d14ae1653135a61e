/** @import { Conversation, MessageStatus } from "../data/types.js" */
import { store } from "../data/store.js";
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { initials, preview, who } from "../lib/text.js";
import { full } from "../lib/time.js";
import { badge } from "./badge.js";
import { whyTodo } from "./why-todo.js";

/**
 * What a conversation shows in the list.
 *
 * @param {Conversation} conversation
 * @param {string} time of its last message, in words
 */
export function rowContent(conversation, time) {
  const { name, state, last, last_at, unread, todo } = conversation;
  // In a worklist each one says why it is there.
  const item = todo.find((one) => one.todo === store.filter.state);
  return [
    h("span", { class: `avatar state-${state}`, "aria-hidden": "true" }, initials(name) || icon("person")),
    h(
      "span",
      { class: "row-words" },
      h(
        "span",
        { class: "row-line" },
        h("span", { class: "row-name", dir: "auto" }, who(conversation)),
        h("time", { class: "row-time", datetime: last_at, title: full(last_at) }, time),
      ),
      h(
        "span",
        { class: "row-line" },
        !item && badge(conversation),
        !item && last?.direction === "outgoing" && ticks(last.status),
        h("span", { class: "row-last", dir: "auto" }, item ? whyTodo(item) : last ? preview(last) : t.list.noMessages),
        unread > 0 && count(unread),
      ),
    ),
  ];
}

/** @type {Partial<Record<MessageStatus, string>>} of the others the state says enough */
const TICKS = { queued: "clock", sending: "clock", sent: "tick", delivered: "ticks", read: "ticks" };

/** @param {MessageStatus} status */
function ticks(status) {
  const name = TICKS[status];
  if (!name) return null;
  const mark = icon(name);
  if (status === "read") mark.classList.add("seen");
  return mark;
}

/** @param {number} unread */
const count = (unread) =>
  h(
    "span",
    { class: "count" },
    h("span", { "aria-hidden": "true" }, unread > 99 ? "99+" : String(unread)),
    h("span", { class: "hidden" }, t.list.unread(unread)),
  );
