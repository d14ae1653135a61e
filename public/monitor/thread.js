/** @import { Thread, Message } from "./types.js" */
/** @import { Item } from "./timeline.js" */
import { bubble, pendingBubble } from "./bubble.js";
import { callCard } from "./call-card.js";
import { dropPending, trySending } from "./composer.js";
import { byId, h, icon, keyed, present } from "./dom.js";
import { t } from "./i18n.js";
import { on, store } from "./store.js";
import { loadOlder, loadThread } from "./sync.js";
import { drawThreadHeader } from "./thread-header.js";
import { clock, dayName, full } from "./time.js";
import { keyOf, timeline } from "./timeline.js";

const NEAR_PX = 60;

const scroller = byId("thread-scroll");
const list = byId("timeline");
const toBottom = byId("to-bottom");
/** @type {number | null} the thread that is drawn */
let drawn = null;
/** @type {number | null} */
let unreadFrom = null;
/** Which incoming messages had come when the person last was at the bottom. */
let seenUpTo = 0;
let atBottom = true;
let paging = false;

export function startThread() {
  on(["open", "thread", "list"], draw);
  // Arrow keys scroll it, in every browser.
  scroller.tabIndex = 0;
  scroller.addEventListener("scroll", scrolled, { passive: true });
  toBottom.addEventListener("click", () => {
    goToBottom();
    scroller.focus({ preventScroll: true });
  });
  // The composer grows, the keyboard opens, a photo arrives: the newest stays in sight for whoever was there.
  const resized = new ResizeObserver(() => atBottom && goToBottom());
  resized.observe(scroller);
  resized.observe(list);
}

function draw() {
  const id = store.open;
  byId("overview").hidden = id !== null;
  byId("conversation").hidden = id === null;
  byId("app").dataset.pane = id === null ? "list" : "thread";
  if (id === null) {
    drawn = null;
    return;
  }
  drawThreadHeader();
  const thread = store.threads.get(id);
  const isNew = drawn !== id;
  if (isNew) {
    drawn = id;
    list.replaceChildren();
    unreadFrom = null;
    atBottom = true;
    scroller.setAttribute("aria-busy", "true");
  }
  drawState(thread);
  if (thread?.status !== "ready") return;
  if (scroller.getAttribute("aria-busy") === "true") {
    scroller.removeAttribute("aria-busy");
    unreadFrom = firstUnread(thread);
    seenUpTo = newest(thread);
  }
  const place = atBottom ? null : rememberPlace();
  keyed(list, timeline(thread, unreadFrom), { key: keyOf, version, make: (item) => make(item, thread) });
  if (atBottom) goToBottom();
  else place?.();
  drawToBottom(thread);
}

/** @param {Thread} thread */
const incoming = (thread) =>
  [...thread.messages.values()].filter(({ direction }) => direction === "incoming").sort((a, b) => a.id - b.id);
/** @param {Thread} thread */
const newest = (thread) => incoming(thread).at(-1)?.id ?? 0;

/** @param {Thread} thread */
function firstUnread(thread) {
  const unread = store.conversations.get(thread.id)?.unread ?? 0;
  return unread > 0 ? (incoming(thread).at(-unread)?.id ?? null) : null;
}

/** What stands at the top of the view stays there, whatever is added or changes above it. */
function rememberPlace() {
  const top = scroller.getBoundingClientRect().top;
  const anchor = [...list.children].find(
    (child) => !child.classList.contains("day") && child.getBoundingClientRect().bottom > top,
  );
  const key = anchor instanceof HTMLElement ? anchor.dataset.key : undefined;
  const before = anchor?.getBoundingClientRect().top ?? 0;
  return () => {
    const after = [...list.children].find((child) => child instanceof HTMLElement && child.dataset.key === key);
    if (after) scroller.scrollTop += after.getBoundingClientRect().top - before;
  };
}

function scrolled() {
  const thread = store.threads.get(drawn ?? -1);
  atBottom = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
  if (!thread || thread.status !== "ready") return;
  if (atBottom) seenUpTo = newest(thread);
  drawToBottom(thread);
  if (scroller.scrollTop < 300 && thread.more && !paging) void older();
}

async function older() {
  paging = true;
  await loadOlder();
  paging = false;
}

function goToBottom() {
  atBottom = true;
  scroller.scrollTop = scroller.scrollHeight;
  const thread = store.threads.get(drawn ?? -1);
  if (!thread) return;
  seenUpTo = newest(thread);
  drawToBottom(thread);
}

/** @param {Thread} thread */
function drawToBottom(thread) {
  const fresh = incoming(thread).filter(({ id }) => id > seenUpTo).length;
  toBottom.hidden = atBottom;
  const label = fresh > 0 ? t.thread.newMessages(fresh) : t.thread.toBottom;
  if (toBottom.textContent !== label) toBottom.replaceChildren(icon("down"), label);
}

/** @param {Item} item */
function version(item) {
  switch (item.kind) {
    case "message":
      return JSON.stringify(item.message);
    case "call":
      return JSON.stringify(item.call);
    case "pending":
      return String(item.pending.failed);
    case "day":
      return dayName(item.at);
    default:
      return "";
  }
}

/** @param {Item} item @param {Thread} thread @returns {HTMLElement} */
function make(item, thread) {
  switch (item.kind) {
    case "message":
      return bubble(item.message);
    case "call":
      return callCard(item.call);
    case "pending":
      return pendingBubble(item.pending, {
        retry: () => void trySending(thread, item.pending),
        remove: () => dropPending(thread, item.pending),
      });
    case "day":
      return h("li", { class: "day" }, h("span", {}, dayName(item.at)));
    case "unread":
      return h("li", { class: "unread-line" }, h("span", {}, t.thread.unreadHere));
    case "action":
      return actionLine(item.action);
  }
}

/** @param {import("./types.js").Action} action */
function actionLine({ who, action, at }) {
  /** @type {Record<string, unknown>} */
  const words = t.actions;
  return h(
    "li",
    { class: "action", title: full(at) },
    icon("history"),
    h("span", {}, t.actions.line(who, String(words[action] ?? action), clock(at))),
  );
}

/** @param {Thread | undefined} thread */
function drawState(thread) {
  const status = thread?.status ?? "loading";
  const empty =
    thread?.status === "ready" &&
    thread.messages.size === 0 &&
    thread.calls.length === 0 &&
    thread.pending.length === 0;
  const place = byId("thread-state");
  place.hidden = status === "ready" && !empty;
  const now = empty ? "empty" : status;
  if (place.dataset.now !== now) {
    place.dataset.now = now;
    const words = {
      loading: t.thread.loading,
      error: t.thread.failed,
      missing: t.thread.missing,
      empty: t.thread.empty,
      ready: "",
    };
    place.replaceChildren(
      ...present([
        h("p", {}, words[now]),
        now === "error" &&
          h("button", { type: "button", class: "button", click: () => void loadThread() }, t.list.retry),
      ]),
    );
  }
  const more = byId("older");
  more.hidden = !(thread?.status === "ready" && thread.more);
  if (!more.firstChild)
    more.append(h("button", { type: "button", class: "link", click: () => void older() }, t.thread.older));
}
