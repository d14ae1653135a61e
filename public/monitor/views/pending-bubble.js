/** @import { Pending, Thread } from "../data/types.js" */
import { dropReply } from "../data/replies.js";
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { clock } from "../lib/time.js";
import { sendOrSay } from "./composer.js";

/** A reply that the server has not confirmed. @param {Thread} thread @param {Pending} pending */
export function pendingBubble(thread, pending) {
  const { text, at, failed } = pending;
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
        link(t.thread.retry, () => void sendOrSay(thread, pending)),
        link(t.thread.remove, () => dropReply(thread, pending)),
      ),
  );
}

/** @param {string} label @param {() => void} click */
const link = (label, click) => h("button", { type: "button", class: "link", click }, label);
