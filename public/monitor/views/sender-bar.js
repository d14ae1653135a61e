/** @import { Sender } from "../data/types.js" */
import { on, store } from "../data/store.js";
import { find, h, icon, setAttribute, setText } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { reason } from "../lib/reasons.js";
import { sentence } from "../lib/text.js";
import { clock, clockWithDay, countdown, day, now } from "../lib/time.js";
import { soonInWords } from "../lib/upcoming.js";
import { pauseSending } from "./actions.js";
import { fill } from "./bar-item.js";
import { drawLights } from "./sender-lights.js";

const HOUR_MS = 3_600_000;

/**
 * Always in sight: whether messages go out, how many wait, when the next and the last one go.
 *
 * @param {HTMLElement} root
 */
export function startSenderBar(root) {
  const pause = find(root, "#bar-pause");
  pause.append(icon("pause"), h("span", {}, t.bar.pause));
  setAttribute(pause, "aria-label", t.bar.pauseAll);
  setAttribute(pause, "title", t.bar.pauseAll);
  pause.addEventListener("click", () => void pauseSending());
  on(["sender"], () => {
    if (!store.sender) return;
    drawSession(find(root, "#bar-session"), store.sender);
    drawQueue(find(root, "#bar-queue"), store.sender);
    drawSource(find(root, "#bar-source"));
    drawTimes(root);
    pause.hidden = isStopped(store.sender);
    drawLights(root, store.sender);
  });
  setInterval(() => !document.hidden && drawTimes(root), 1_000);
}

/** @param {HTMLElement} item @param {Sender} sender */
function drawSession(item, { session, paused }) {
  /** @type {(className: string, dot: string, words: string) => void} */
  const show = (className, dot, words) => fill(item, className, h("span", { class: `dot ${dot}` }), words);
  if (paused?.reason === "session") return show("wrong", "bad", t.bar.session.down);
  if (session === null) return show("", "", t.bar.session.unknown);
  if (session === "connected") return show("", "good", t.bar.session.connected);
  if (session === "connecting") return show("doubtful", "busy", t.bar.session.connecting);
  show("wrong", "bad", t.bar.session.down);
}

/** @param {HTMLElement} item @param {Sender} sender */
function drawQueue(item, { queued }) {
  const words = t.bar.queued(queued);
  fill(item, "", queued === 0 ? words : h("strong", {}, words));
}

/** @param {HTMLElement} item */
function drawSource(item) {
  const { source } = store;
  if (!source) return;
  if (source.source === "wasender") return fill(item, "", icon("data"), t.bar.sourceWasender);
  const { error } = source;
  fill(item, error ? "doubtful" : "", icon("data"), error ? t.bar.sourceFallback : t.bar.sourceDatabase);
  setAttribute(item, "title", sentence(reason(error)) || t.bar.sourceHelp);
}

/** What changes every second. @param {HTMLElement} root */
function drawTimes(root) {
  const { sender } = store;
  if (!sender) return;
  const { hours, next_send_at, queued, paused } = sender;
  const stopped = isStopped(sender);
  // If it goes when the hours begin, they say so.
  const waits = next_send_at !== null && queued > 0 && !stopped && (hours.open || !isFrom(hours.next_at, next_send_at));
  const closed = find(root, "#bar-hours");
  const next = find(root, "#bar-next");
  const last = find(root, "#bar-last");
  closed.hidden = hours.open || stopped;
  setText(find(closed, "span"), t.hours.closedUntil(hours.next_at ? soonInWords(hours.next_at) : ""));
  next.hidden = !(waits || stopped);
  last.hidden = !(waits && queued > 1 && hours.open && paused === null);
  if (stopped) return setText(next, t.bar.paused);
  if (!waits) return;
  const nextAt = Math.max(now(), Date.parse(next_send_at));
  setText(next, nextWords(nextAt));
  const lastAt = nextAt + (sender.queued - 1) * sender.interval_ms;
  setText(last, day(lastAt) === day(now()) ? t.bar.last(clock(lastAt)) : t.bar.lastDay(clockWithDay(lastAt)));
}

/** @param {number} at */
function nextWords(at) {
  const waitMs = at - now();
  if (waitMs > HOUR_MS) return t.bar.nextAt(soonInWords(at));
  return waitMs < 1_000 ? t.bar.nextNow : t.bar.next(countdown(waitMs));
}

/** Nothing goes; while the number is restricted, replies do. @param {Sender} sender */
const isStopped = ({ paused }) => paused !== null && paused.reason !== "restricted";

/** @param {string | null} from @param {string} time */
const isFrom = (from, time) => from !== null && Date.parse(time) >= Date.parse(from);
