/** @import { Call } from "../data/types.js" */
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { reason } from "../lib/reasons.js";
import { clock, duration, full } from "../lib/time.js";
import { toast } from "./toast.js";

const ICONS = { incoming: "call-in", outgoing: "call-out", other: "call" };

/** A call in the thread: when, with whom, how it ended, and why no message followed. @param {Call} call */
export function callCard(call) {
  const direction = DIRECTIONS.get(call.direction) ?? "other";
  const facts = [outcomeOf(call), lengthOf(call), call.agent_name && t.call.by(call.agent_name)].filter(Boolean);
  const why = whyNoMessage(call);
  return h(
    "li",
    { class: `card ${call.talked === false ? "missed" : ""}` },
    icon(ICONS[direction]),
    h(
      "div",
      {},
      h("h3", {}, t.call[direction], " · ", h("time", { datetime: call.at, title: full(call.at) }, clock(call.at))),
      facts.length > 0 && h("p", {}, facts.join(" · ")),
      why && h("p", {}, why),
      recording(call),
      copyLink(call),
    ),
  );
}

/** @type {Map<string | null, "incoming" | "outgoing">} the second word of each is a voice agent's */
const DIRECTIONS = new Map([
  ["incoming", "incoming"],
  ["inbound", "incoming"],
  ["outgoing", "outgoing"],
  ["outbound", "outgoing"],
]);

/** @param {Call} call */
function lengthOf({ talked, talking_time, duration: seconds }) {
  if (talking_time && talked !== false) return t.call.talked(duration(talking_time));
  return seconds ? t.call.lasted(duration(seconds)) : "";
}

/**
 * CloudTalk's words for how a call ended that have one of ours; `over` says nothing. Any other is shown as it came.
 * @type {Map<string, "answered" | "missed" | "busy" | "voicemail" | "over">}
 */
const SAID = new Map([
  ["answered", "answered"],
  ["missed", "missed"],
  ["no answer", "missed"],
  ["no_answer", "missed"],
  ["busy", "busy"],
  ["voicemail", "voicemail"],
  ["ended", "over"],
  ["completed", "over"],
]);

/** Whether people talked is the server's to say. @param {Call} call */
function outcomeOf({ talked, status, call_result }) {
  const said = call_result || status || "";
  const known = said ? SAID.get(said.toLowerCase()) : "over";
  if (known === undefined) return said;
  if (talked === true) return t.call.answered;
  if (talked === false) return known === "busy" || known === "voicemail" ? t.call[known] : t.call.missed;
  return known === "over" ? "" : t.call[known];
}

/** @param {Call} call */
function whyNoMessage({ should_send, reason: code }) {
  if (should_send || code === "eligible") return "";
  if (code === "legacy" || code === "erased") return t.call[code];
  return code ? t.call.noMessageBecause(reason(code)) : t.call.noMessage;
}

/** @param {Call} call */
function recording({ recording_url: href }) {
  if (!href?.startsWith("https://")) return null;
  return h("p", {}, h("a", { href, target: "_blank", rel: "noopener noreferrer" }, t.call.recording));
}

/** With it the customer writes first. @param {Call} call */
function copyLink({ link }) {
  if (!link) return null;
  // A browser that does not let it be copied shows it.
  const click = () =>
    navigator.clipboard.writeText(link).then(
      () => toast(t.todo.linkCopied),
      () => toast(link),
    );
  return h("p", {}, h("button", { type: "button", class: "link", title: link, click }, t.todo.copyLink));
}
