/** @import { Call } from "../data/types.js" */
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { clock, duration, full } from "../lib/time.js";

const ICONS = { incoming: "call-in", outgoing: "call-out", other: "call" };

/** A call in the thread: when, with whom, how it ended, and why no message followed. @param {Call} call */
export function callCard(call) {
  const direction = directionOf(call);
  const outcome = outcomeOf(call);
  const facts = [outcome.words, lengthOf(call), call.agent_name && t.call.by(call.agent_name)].filter(Boolean);
  const why = whyNoMessage(call);
  return h(
    "li",
    { class: `card ${outcome.missed ? "missed" : ""}` },
    icon(ICONS[direction]),
    h(
      "div",
      {},
      h("h3", {}, t.call[direction], " · ", h("time", { datetime: call.at, title: full(call.at) }, clock(call.at))),
      facts.length > 0 && h("p", {}, facts.join(" · ")),
      why && h("p", {}, why),
      recording(call),
    ),
  );
}

/** @param {Call} call */
const directionOf = ({ direction }) => (direction === "incoming" || direction === "outgoing" ? direction : "other");

/** @param {Call} call */
function lengthOf({ talking_time, duration: seconds }) {
  if (talking_time) return t.call.talked(duration(talking_time));
  return seconds ? t.call.lasted(duration(seconds)) : "";
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

/** @param {Call} call */
function recording({ recording_url: href }) {
  if (!href?.startsWith("https://")) return null;
  return h("p", {}, h("a", { href, target: "_blank", rel: "noopener noreferrer" }, t.call.recording));
}
