/** @import { Call } from "./types.js" */
import { h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { clock, duration, full } from "./time.js";

/** A call in the thread: when, with whom, how it ended, and why no message followed. @param {Call} call */
export function callCard(call) {
  const outcome = outcomeOf(call);
  const direction = /^in/i.test(call.direction ?? "")
    ? "incoming"
    : /^out/i.test(call.direction ?? "")
      ? "outgoing"
      : "other";
  const facts = [
    outcome.words,
    call.talking_time
      ? t.call.talked(duration(call.talking_time))
      : call.duration
        ? t.call.lasted(duration(call.duration))
        : "",
    call.agent_name ? t.call.by(call.agent_name) : "",
  ].filter(Boolean);
  return h(
    "li",
    { class: `card ${outcome.missed ? "missed" : ""}` },
    icon(direction === "incoming" ? "call-in" : direction === "outgoing" ? "call-out" : "call"),
    h(
      "div",
      {},
      h("h3", {}, t.call[direction], " · ", h("time", { datetime: call.at, title: full(call.at) }, clock(call.at))),
      facts.length > 0 && h("p", {}, facts.join(" · ")),
      whyNoMessage(call) && h("p", {}, whyNoMessage(call)),
      /^https:\/\//.test(call.recording_url ?? "") &&
        h(
          "p",
          {},
          h("a", { href: call.recording_url, target: "_blank", rel: "noopener noreferrer" }, t.call.recording),
        ),
    ),
  );
}

/** @param {Call} call */
function outcomeOf({ status, call_result, talking_time }) {
  const said = [call_result, status].find((text) => text) ?? "";
  if (/voice ?mail/i.test(said)) return { words: t.call.voicemail, missed: true };
  if (/busy/i.test(said)) return { words: t.call.busy, missed: true };
  if (/miss|no.?answer|unanswered|not.?answered|abandon|cancel|fail/i.test(said))
    return { words: t.call.missed, missed: true };
  if (/answer|complete|success|ended|finish|connected/i.test(said)) return { words: t.call.answered, missed: false };
  if (said) return { words: said, missed: false };
  if (talking_time === null) return { words: "", missed: false };
  return talking_time > 0 ? { words: t.call.answered, missed: false } : { words: t.call.missed, missed: true };
}

/** @param {Call} call */
function whyNoMessage({ should_send, reason }) {
  if (should_send) return "";
  /** @type {Record<string, string>} */
  const reasons = t.call.reasons;
  return reasons[reason ?? ""] ?? (should_send === false ? t.call.noMessage : "");
}
