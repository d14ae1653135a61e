/** @import { StaffAction, Thread } from "../data/types.js" */
/** @import { Item } from "../data/timeline.js" */
import { timeOf } from "../data/timeline.js";
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { isNeverDelivered } from "../lib/never-delivered.js";
import { clock, dayName, full } from "../lib/time.js";
import { bubble } from "./bubble.js";
import { callCard } from "./call-card.js";
import { pendingBubble } from "./pending-bubble.js";

/** What of an item is seen: it is drawn again if this changes. @param {Item} item */
export function versionOf(item) {
  switch (item.kind) {
    case "message":
      return JSON.stringify([item.message, isNeverDelivered(item.message, timeOf(item.message))]);
    case "call":
      return JSON.stringify(item.call);
    case "pending":
      return String(item.pending.failed);
    case "day":
      return dayName(item.at);
    default:
      return "";
  }
}

/** @param {Item} item @param {Thread} thread @returns {HTMLElement} */
export function timelineItem(item, thread) {
  switch (item.kind) {
    case "message":
      return bubble(item.message);
    case "call":
      return callCard(item.call);
    case "pending":
      return pendingBubble(thread, item.pending);
    case "day":
      return h("li", { class: "day" }, h("span", {}, dayName(item.at)));
    case "unread":
      return h("li", { class: "unread-line" }, h("span", {}, t.thread.unreadHere));
    case "action":
      return actionLine(item.action);
  }
}

/** @param {StaffAction} action */
const actionLine = ({ who, action, at, reason }) =>
  h(
    "li",
    { class: "action", title: full(at) },
    icon("history"),
    h(
      "span",
      { dir: "auto" },
      t.actionLine(who, action === "reply" ? "" : t.actions[action], clock(at)),
      reason && `: ${t.objection.reason(reason)}`,
    ),
  );
