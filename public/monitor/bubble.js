/** @import { Message, Pending, MessageAction } from "./types.js" */
import { actOnMessage } from "./actions.js";
import { h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { mediaCard } from "./media-card.js";
import { reason } from "./reasons.js";
import { clock, full } from "./time.js";
import { timeOf } from "./timeline.js";

/** @param {Message} message */
export function bubble(message) {
  const { direction, status, type, text } = message;
  const at = timeOf(message);
  return h(
    "li",
    { class: `item ${direction} ${status}` },
    h(
      "div",
      { class: "bubble" },
      from(message) && h("p", { class: "bubble-from" }, from(message)),
      (type !== "text" || message.media) && mediaCard(message),
      text && h("p", { class: "bubble-text", dir: "auto" }, text),
      h(
        "p",
        { class: "bubble-foot" },
        h("time", { datetime: at, title: full(at) }, clock(at)),
        direction === "outgoing" && " ",
        ...(direction === "outgoing" ? state(message) : []),
      ),
    ),
    note(message),
  );
}

/** Who wrote it, where that is not plain. @param {Message} message */
function from({ kind, author }) {
  if (kind === "ask") return t.thread.ask;
  if (kind === "manual") return t.thread.manual;
  return kind === "reply" ? (author ?? "") : "";
}

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

/** The ticks; their meaning in words is there for everybody while it is not yet on the phone. @param {Message} message */
function state({ status }) {
  const words = t.status[status] ?? status;
  const quiet = status === "sent" || status === "delivered" || status === "read";
  const label = h("span", { class: quiet ? "hidden" : "" }, words);
  const mark = icon(ICONS[status] ?? "other");
  const symbol = h("span", { title: words, class: "tick" }, mark);
  return quiet ? [label, symbol] : [label, " ", symbol];
}

/** Below the bubble: what went wrong, and what can be done. @param {Message} message */
function note(message) {
  const { id, status, error, kind, direction } = message;
  if (direction !== "outgoing") return null;
  const why = reason(error);
  /** @param {MessageAction} action @param {string} label */
  const button = (action, label) =>
    h(
      "button",
      { type: "button", class: "link", "data-action": action, click: () => void actOnMessage(action, id) },
      label,
    );
  if (status === "failed")
    return h(
      "div",
      { class: "item-note" },
      h("p", {}, t.thread.failedBecause(why)),
      kind !== "manual" && button("retry", t.thread.retry),
    );
  if (status === "unknown") {
    return h(
      "div",
      { class: "item-note" },
      h("p", {}, t.thread.unknownBecause(why)),
      kind !== "manual" && button("resend", t.thread.resend),
      button("give_up", t.thread.giveUp),
    );
  }
  if (status === "queued")
    return h("div", { class: "item-note" }, why && h("p", {}, why), button("cancel", t.thread.cancel));
  return status === "cancelled" && why ? h("div", { class: "item-note" }, h("p", {}, why)) : null;
}

/** A reply that the server has not confirmed. @param {Pending} pending @param {{ retry: () => void, remove: () => void }} does */
export function pendingBubble({ text, at, failed }, { retry, remove }) {
  return h(
    "li",
    { class: `item outgoing ${failed ? "failed" : "sending"}` },
    h(
      "div",
      { class: "bubble" },
      h("p", { class: "bubble-text", dir: "auto" }, text),
      h(
        "p",
        { class: "bubble-foot" },
        clock(at),
        " ",
        h("span", {}, failed ? t.status.failed : t.thread.saving),
        " ",
        icon(failed ? "alert" : "clock"),
      ),
    ),
    failed &&
      h(
        "div",
        { class: "item-note" },
        h("p", {}, t.thread.notSaved),
        h("button", { type: "button", class: "link", click: retry }, t.thread.retry),
        h("button", { type: "button", class: "link", click: remove }, t.thread.remove),
      ),
  );
}
