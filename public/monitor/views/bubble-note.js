/** @import { Message, MessageAction } from "../data/types.js" */
import { timeOf } from "../data/timeline.js";
import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { isNeverDelivered } from "../lib/never-delivered.js";
import { reason } from "../lib/reasons.js";
import { sentence } from "../lib/text.js";
import { actOnMessage } from "./actions.js";

/** Below a message of ours: what went wrong, and what can be done. @param {Message} message */
export function bubbleNote(message) {
  const { id, status, error_code, error, kind } = message;
  const why = reason(error_code, error);
  /** @param {MessageAction} action @param {string} label */
  const button = (action, label) =>
    h(
      "button",
      { type: "button", class: "link", "data-action": action, click: () => void actOnMessage(action, id) },
      label,
    );
  switch (status) {
    case "failed":
      return note(t.thread.failedBecause(why), kind !== "manual" && button("retry", t.thread.retry));
    case "unknown":
      return note(
        t.thread.unknownBecause(why),
        kind !== "manual" && button("resend", t.thread.resend),
        button("give_up", t.thread.giveUp),
      );
    case "queued":
      return note(sentence(why), button("cancel", t.thread.cancel));
    case "sent":
      return isNeverDelivered(message, timeOf(message)) ? note(sentence(t.lights.neverHelp), callLink(message)) : null;
    default:
      return status === "cancelled" && why ? note(sentence(why)) : null;
  }
}

/** @param {Message} message */
const callLink = ({ phone_number }) =>
  phone_number !== null && h("a", { class: "link", href: `tel:${phone_number}` }, t.thread.call);

/** @param {string} words @param {...(HTMLElement | false)} buttons */
const note = (words, ...buttons) => h("div", { class: "item-note" }, words && h("p", {}, words), ...buttons);
