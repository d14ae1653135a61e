/** @import { Sender } from "../data/types.js" */
import { on, store } from "../data/store.js";
import { h, icon, present } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { reason } from "../lib/reasons.js";
import { sentence } from "../lib/text.js";
import { clock, clockWithDay, day, now } from "../lib/time.js";
import { soonInWords } from "../lib/upcoming.js";
import { resumeSending } from "./actions.js";

/** Why nothing goes out, since when, and what to do. @param {HTMLElement} root */
export function startSenderNotice(root) {
  let drawn = "";
  on(["sender"], () => {
    const words = store.sender && wordsFor(store.sender);
    const version = JSON.stringify(words);
    if (version === drawn) return;
    drawn = version;
    root.hidden = words === null;
    if (!words) return root.replaceChildren();
    root.classList.toggle("grave", words.grave);
    root.replaceChildren(
      ...present([
        icon(words.grave ? "phone-off" : "pause"),
        h("p", {}, h("strong", {}, words.what), " ", words.detail),
        words.button && resumeButton(words.button),
      ]),
    );
  });
}

/** @param {string} label */
const resumeButton = (label) =>
  h(
    "button",
    {
      type: "button",
      class: "button",
      id: "resume",
      "aria-label": label,
      title: label,
      click: () => void resumeSending(),
    },
    icon("play"),
    h("span", {}, label),
  );

/**
 * @typedef {{ what: string, detail: string, grave: boolean, button: string }} Notice
 * @param {Sender} sender @returns {Notice | null}
 */
function wordsFor({ paused, session, queued }) {
  const waiting = t.notice.waiting(queued);
  const todo = whatToDo(session);
  if (paused === null) {
    if (session === null || session === "connected") return null;
    const what = session === "connecting" ? t.notice.connecting : t.notice.sessionNow;
    return { what, detail: join(todo, waiting), grave: session !== "connecting", button: "" };
  }
  // Since no time, and nothing that could be tried.
  if (paused.code === "not_set_up") {
    return { what: t.notice.notSetUp, detail: join(t.notice.configurationHelp, waiting), grave: true, button: "" };
  }
  const since = sinceWords(paused.since);
  switch (paused.reason) {
    case "staff":
      return { what: t.notice.staff(paused.message, since), detail: waiting, grave: false, button: t.bar.resume };
    case "session":
      return {
        what: t.notice.session(since),
        detail: join(todo, t.notice.resumesAlone, waiting),
        grave: true,
        button: t.bar.tryAgain,
      };
    case "restricted":
      return {
        what: t.restricted.what(since),
        detail: join(t.restricted.until(paused.until ? soonInWords(paused.until) : ""), t.restricted.todo),
        grave: true,
        button: t.bar.resume,
      };
    case "configuration": {
      const why = reason(paused.code === "staff" ? null : paused.code, paused.message);
      return {
        what: t.notice.configuration(since),
        detail: join(sentence(why), t.notice.configurationHelp, waiting),
        grave: true,
        button: t.bar.tryAgain,
      };
    }
  }
}

/** What a person does about Wasender's session. @param {string | null} session */
function whatToDo(session) {
  const known = new Map(Object.entries(t.session)).get(session ?? "");
  return session === "connected" || !known ? t.session.other : known;
}

/** @param {string} time */
const sinceWords = (time) =>
  day(time) === day(now()) ? t.notice.since(clock(time)) : t.notice.sinceDay(clockWithDay(time));

/** @param {...string} parts */
const join = (...parts) => [...new Set(parts)].filter(Boolean).join(" ");
