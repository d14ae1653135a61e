/** @import { Sender } from "./types.js" */
import { pauseSending, resumeSending } from "./actions.js";
import { byId, h, icon, present, setAttribute, setText } from "./dom.js";
import { t } from "./i18n.js";
import { reason } from "./reasons.js";
import { on, store } from "./store.js";
import { clock, clockWithDay, countdown, day, now } from "./time.js";

/** Always in sight: whether messages go out, how many wait, when the next and the last one go. */
export function startSenderBar() {
  on(["sender"], draw);
  setInterval(() => !document.hidden && drawTimes(), 1_000);
  byId("bar-pause").addEventListener("click", () => void (store.sender?.paused ? resumeSending() : pauseSending()));
}

function draw() {
  const { sender } = store;
  if (!sender) return;
  const session = sessionWords(sender);
  fill(
    "bar-session",
    session.kind === "bad" ? "wrong" : session.kind === "busy" ? "doubtful" : "",
    h("span", { class: `dot ${session.kind}` }),
    session.words,
  );
  fill("bar-queue", "", ...(sender.queued === 0 ? [t.bar.queued(0)] : [h("strong", {}, t.bar.queued(sender.queued))]));
  drawSource();
  drawTimes();
  drawNotice(sender);
  const pause = byId("bar-pause");
  setAttribute(pause, "aria-label", t.bar.pauseAll);
  setAttribute(pause, "title", t.bar.pauseAll);
  pause.hidden = sender.paused !== null;
  if (!pause.firstChild) pause.append(icon("pause"), h("span", {}, t.bar.pause));
}

/** @param {Sender} sender @returns {{ kind: "good" | "bad" | "busy" | "", words: string }} */
function sessionWords({ session, paused }) {
  if (paused?.reason === "session") return { kind: "bad", words: t.bar.session.down };
  if (session === "connected") return { kind: "good", words: t.bar.session.connected };
  if (session === "connecting") return { kind: "busy", words: t.bar.session.connecting };
  return session === null ? { kind: "", words: t.bar.session.unknown } : { kind: "bad", words: t.bar.session.down };
}

function drawSource() {
  const { source } = store;
  if (!source) return;
  if (source.source === "wasender") return fill("bar-source", "", icon("data"), t.bar.sourceWasender);
  const why = source.error ? reason(source.error) : "";
  fill(
    "bar-source",
    source.error ? "doubtful" : "",
    icon("data"),
    source.error ? t.bar.sourceFallback : t.bar.sourceDatabase,
  );
  setAttribute(byId("bar-source"), "title", why || t.bar.sourceHelp);
}

/** What changes every second. */
function drawTimes() {
  const { sender } = store;
  if (!sender) return;
  const waits = sender.queued > 0 && sender.paused === null;
  const next = byId("bar-next");
  const last = byId("bar-last");
  next.hidden = !(waits || sender.paused);
  last.hidden = !(waits && sender.queued > 1);
  if (sender.paused) return setText(next, t.bar.paused);
  if (!waits) return;
  const nextAt = Math.max(now(), sender.next_send_at ? Date.parse(sender.next_send_at) : 0);
  setText(next, nextAt - now() < 1_000 ? t.bar.nextNow : t.bar.next(countdown(nextAt - now())));
  const lastAt = nextAt + (sender.queued - 1) * sender.interval_ms;
  setText(last, day(lastAt) === day(now()) ? t.bar.last(clock(lastAt)) : t.bar.lastDay(clockWithDay(lastAt)));
}

let noticed = "";

/** Why nothing goes out, since when, and what to do. @param {Sender} sender */
function drawNotice(sender) {
  const place = byId("sender-notice");
  const words = noticeWords(sender);
  const version = JSON.stringify([words, sender.paused?.since, sender.paused?.reason]);
  if (version === noticed) return;
  noticed = version;
  place.hidden = words === null;
  if (!words) return place.replaceChildren();
  place.classList.toggle("grave", words.grave);
  place.replaceChildren(
    ...present([
      icon(words.grave ? "phone-off" : "pause"),
      h("p", {}, h("strong", {}, words.what), " ", words.detail),
      words.button !== "" &&
        h(
          "button",
          { type: "button", class: "button", id: "resume", click: () => void resumeSending() },
          icon("play"),
          words.button,
        ),
    ]),
  );
}

/**
 * @typedef {{ what: string, detail: string, grave: boolean, button: string }} Notice
 * @param {Sender} sender @returns {Notice | null}
 */
function noticeWords({ paused, session, queued }) {
  const waiting = t.notice.waiting(queued);
  const todo = whatToDo(session);
  if (paused === null) {
    if (session === null || session === "connected") return null;
    if (session === "connecting")
      return { what: t.notice.connecting, detail: join(todo, waiting), grave: false, button: "" };
    return { what: t.notice.sessionNow, detail: join(todo, waiting), grave: true, button: "" };
  }
  // Never set up, so since no time, and nothing that could be tried.
  if (Date.parse(paused.since) === 0) {
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
    case "configuration":
      return {
        what: t.notice.configuration(since),
        detail: join(sentence(reason(paused.message)), t.notice.configurationHelp, waiting),
        grave: true,
        button: t.bar.tryAgain,
      };
  }
}

/** @param {string | null} session */
function whatToDo(session) {
  /** @type {Record<string, string>} */
  const known = t.session;
  return session === "connected" ? t.session.other : (known[session ?? ""] ?? t.session.other);
}

/** @param {string} time */
const sinceWords = (time) =>
  day(time) === day(now()) ? t.notice.since(clock(time)) : t.notice.sinceDay(clockWithDay(time));

/** @param {...string} parts */
const join = (...parts) => [...new Set(parts)].filter(Boolean).join(" ");
/** @param {string} text */
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @param {string} id @param {string} className @param {...(Node | string)} content */
function fill(id, className, ...content) {
  const item = byId(id);
  const version =
    content
      .map((part) =>
        typeof part === "string"
          ? part
          : `${part.textContent}${part instanceof Element ? part.getAttribute("class") : ""}`,
      )
      .join("|") + className;
  if (item.dataset.version === version) return;
  item.dataset.version = version;
  item.className = `bar-item ${className}`;
  item.replaceChildren(...content);
}
