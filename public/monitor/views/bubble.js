/** @import { Message } from "../data/types.js" */
import { timeOf } from "../data/timeline.js";
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { clock, full } from "../lib/time.js";
import { soon } from "../lib/upcoming.js";
import { bubbleNote } from "./bubble-note.js";
import { labelChoice } from "./label-choice.js";
import { mediaCard } from "./media-card.js";

/** @param {Message} message */
export function bubble(message) {
  const { direction, status, type, text, media } = message;
  const at = timeOf(message);
  return h(
    "li",
    { class: `item ${direction} ${status}` },
    h(
      "div",
      { class: "bubble" },
      from(message) && h("p", { class: "bubble-from" }, from(message)),
      (type !== "text" || media) && mediaCard(message),
      text && h("p", { class: "bubble-text", dir: "auto" }, text),
      h(
        "p",
        { class: "bubble-foot" },
        h("time", { datetime: at, title: full(at) }, clock(at)),
        direction === "outgoing" && " ",
        ...(direction === "outgoing" ? state(message) : []),
      ),
    ),
    direction === "outgoing" ? bubbleNote(message) : labelChoice(message),
  );
}

/** Who wrote it, if that is not plain. @param {Message} message */
function from({ kind, author }) {
  if (kind === "ask") return t.thread.ask;
  if (kind === "reminder") return t.thread.reminder;
  if (kind === "confirmation") return t.thread.confirmation;
  if (kind === "manual") return t.thread.manual;
  return kind === "reply" ? (author ?? "") : "";
}

/** @type {Record<Message["status"], string>} */
const ICONS = {
  received: "tick",
  queued: "clock",
  sending: "clock",
  sent: "tick",
  delivered: "ticks",
  read: "ticks",
  failed: "alert",
  unknown: "question",
  cancelled: "close",
};

/**
 * The ticks; their meaning in words is there for everybody while it is not yet on the phone.
 *
 * @param {Message} message
 */
function state(message) {
  const { status } = message;
  const words = wordsFor(message);
  const quiet = status === "sent" || status === "delivered" || status === "read";
  const label = h("span", { class: quiet ? "hidden" : "" }, words);
  const symbol = h("span", { title: words, class: "tick" }, icon(ICONS[status]));
  return quiet ? [label, symbol] : [label, " ", symbol];
}

/** The state; of what waits also why, and until when. @param {Message} message */
function wordsFor({ status, hold }) {
  const why = status === "queued" && hold?.reason && t.holds[hold.reason](hold.until ? soon(hold.until) : "");
  return why ? `${t.status[status]} · ${why}` : t.status[status];
}
