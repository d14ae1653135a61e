/** @import { Conversation } from "./types.js" */
import { byId, h, icon, present, setAttribute } from "./dom.js";
import { t } from "./i18n.js";
import { address, openConversation, setFilter } from "./route.js";
import { on, store } from "./store.js";
import { loadMore, reloadList } from "./sync.js";
import { initials, preview, who } from "./text.js";
import { full, relative } from "./time.js";
import { announce } from "./toast.js";

/** In rem, as in list.css. */
const ROW_REM = 4.5;
/** Rows kept above and below what is seen. */
const MARGIN = 8;
const MINUTE_MS = 60_000;

const scroller = byId("list");
const rows = byId("rows");
/** @type {Map<number, { element: HTMLLIElement, version: string }>} */
const drawn = new Map();
/** @type {number | null} the row that Tab leads to */
let current = null;
let drawnState = "";

export function startList() {
  scroller.addEventListener("scroll", draw, { passive: true });
  new ResizeObserver(draw).observe(scroller);
  rows.addEventListener("keydown", move);
  on(["list", "open", "filter"], draw);
  on(["filter"], () => {
    scroller.scrollTop = 0;
  });
  setInterval(draw, MINUTE_MS / 2);
  draw();
}

const rowHeight = () => ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** Only what is in sight is in the document, so that five thousand are as quick as fifty. */
function draw() {
  const height = rowHeight();
  const { list } = store;
  const first = Math.max(0, Math.floor(scroller.scrollTop / height) - MARGIN);
  const last = Math.min(list.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / height) + MARGIN);
  const total = `${list.length * height}px`;
  if (rows.style.height !== total) rows.style.height = total;
  if (current === null || !list.includes(current))
    current = store.open !== null && list.includes(store.open) ? store.open : (list[0] ?? null);

  // Whoever is in the list by keyboard stays there when it scrolls away.
  const focused = list.indexOf(
    Number(/** @type {HTMLElement | null} */ (document.activeElement?.closest(".row"))?.dataset.id),
  );
  const places = Array.from({ length: last - first }, (_, n) => first + n);
  if (focused >= last) places.push(focused);
  else if (focused >= 0 && focused < first) places.unshift(focused);

  const wanted = new Set(places.map((at) => list[at]));
  for (const [id, { element }] of drawn) {
    if (wanted.has(id)) continue;
    element.remove();
    drawn.delete(id);
  }
  /** @type {Element | null} */
  let place = rows.firstElementChild;
  for (const at of places) {
    const conversation = store.conversations.get(list[at] ?? -1);
    if (!conversation) continue;
    const element = row(conversation);
    const top = `translateY(${at * height}px)`;
    if (element.style.transform !== top) element.style.transform = top;
    setAttribute(element, "aria-posinset", at + 1);
    setAttribute(element, "aria-setsize", store.next === null ? list.length : -1);
    if (place === element) place = element.nextElementSibling;
    else rows.insertBefore(element, place);
  }
  drawState();
  const rest = list.length * height - scroller.scrollTop - scroller.clientHeight;
  if (store.next !== null && rest < height * 30) void loadMore();
}

/** @param {Conversation} conversation */
function row(conversation) {
  const known = drawn.get(conversation.id);
  const time = conversation.last_at ? relative(conversation.last_at) : "";
  const version = JSON.stringify([conversation, time]);
  const element = known?.element ?? h("li", { class: "row", "data-id": conversation.id });
  if (known?.version !== version) {
    const link = element.firstElementChild;
    if (link) link.replaceChildren(...content(conversation, time));
    else
      element.append(
        h("a", { click: choose, focus: () => setCurrent(conversation.id) }, ...content(conversation, time)),
      );
    drawn.set(conversation.id, { element, version });
  }
  const link = /** @type {HTMLAnchorElement} */ (element.firstElementChild);
  setAttribute(link, "class", conversation.unread > 0 ? "unread" : null);
  setAttribute(link, "href", address({ open: conversation.id }));
  setAttribute(link, "aria-current", conversation.id === store.open ? "true" : null);
  setAttribute(link, "tabindex", conversation.id === current ? 0 : -1);
  return element;
}

/** @param {Conversation} conversation @param {string} time */
function content(conversation, time) {
  const { name, state, last, last_at, unread } = conversation;
  const letters = initials(name);
  return [
    h("span", { class: `avatar state-${state}`, "aria-hidden": "true" }, letters || icon("person")),
    h(
      "span",
      { class: "row-words" },
      h(
        "span",
        { class: "row-line" },
        h("span", { class: "row-name", dir: "auto" }, who(conversation)),
        last_at && h("time", { class: "row-time", datetime: last_at, title: full(last_at) }, time),
      ),
      h(
        "span",
        { class: "row-line" },
        h("span", { class: `badge state-${state}` }, t.states[state]),
        last?.direction === "outgoing" && ticks(last.status),
        h("span", { class: "row-last", dir: "auto" }, last ? preview(last) : t.list.noMessages),
        unread > 0 &&
          h(
            "span",
            { class: "count" },
            h("span", { "aria-hidden": "true" }, unread > 99 ? "99+" : String(unread)),
            h("span", { class: "hidden" }, t.list.unread(unread)),
          ),
      ),
    ),
  ];
}

/** @param {import("./types.js").MessageStatus} status */
function ticks(status) {
  if (status === "failed" || status === "unknown" || status === "cancelled" || status === "received") return null;
  const mark = icon(status === "sent" ? "tick" : status === "delivered" || status === "read" ? "ticks" : "clock");
  if (status === "read") mark.classList.add("seen");
  return mark;
}

/** @param {MouseEvent} event */
function choose(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const id = Number(/** @type {HTMLElement} */ (event.currentTarget).parentElement?.dataset.id);
  openConversation(id);
}

/** @param {number} id */
function setCurrent(id) {
  if (current === id) return;
  current = id;
  for (const [of, { element }] of drawn)
    setAttribute(/** @type {Element} */ (element.firstElementChild), "tabindex", of === id ? 0 : -1);
}

/** @param {KeyboardEvent} event */
function move(event) {
  const at = store.list.indexOf(current ?? -1);
  const page = Math.max(1, Math.floor(scroller.clientHeight / rowHeight()) - 1);
  /** @type {Record<string, number>} */
  const steps = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: store.list.length - 1,
  };
  const to = steps[event.key];
  if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  focusRow(store.list[Math.min(store.list.length - 1, Math.max(0, to))]);
}

/** The keyboard goes to a conversation's row, or to the one that is chosen. @param {number} [id] */
export function focusRow(id = current ?? store.list[0]) {
  const at = id === undefined ? -1 : store.list.indexOf(id);
  if (at < 0 || id === undefined) return scroller.parentElement?.focus();
  setCurrent(id);
  const height = rowHeight();
  if (at * height < scroller.scrollTop) scroller.scrollTop = at * height;
  else if ((at + 1) * height > scroller.scrollTop + scroller.clientHeight)
    scroller.scrollTop = (at + 1) * height - scroller.clientHeight;
  draw();
  /** @type {HTMLElement | null | undefined} */ (drawn.get(id)?.element.firstElementChild)?.focus({
    preventScroll: true,
  });
}

/** What stands in place of rows. */
function drawState() {
  const { list, listStatus, filter } = store;
  setAttribute(scroller, "aria-busy", String(listStatus === "loading"));
  const kind =
    list.length > 0 || (listStatus === "loading" && drawnState === "")
      ? ""
      : listStatus === "loading"
        ? "loading"
        : listStatus;
  const now = list.length > 0 ? "rows" : `${kind} ${filter.state} ${filter.q}`;
  if (now === drawnState || (list.length === 0 && kind === "")) return;
  drawnState = now;
  const place = byId("list-state");
  if (list.length > 0) return place.replaceChildren();
  if (kind === "loading")
    return place.replaceChildren(...Array.from({ length: 7 }, () => h("div", { class: "skeleton-row" })));
  if (kind === "error") {
    return place.replaceChildren(
      h("h3", {}, t.list.failed),
      h("button", { type: "button", class: "button", click: () => void reloadList() }, t.list.retry),
    );
  }
  const filtered = filter.q !== "" || filter.state !== "all";
  place.replaceChildren(
    ...present([
      h("h3", {}, filtered ? t.list.noneTitle : t.list.emptyTitle),
      h("p", {}, filter.q ? t.list.noneSearch(filter.q) : filtered ? t.list.noneFilter : t.list.empty),
      filtered &&
        h(
          "button",
          { type: "button", class: "button", click: () => setFilter({ state: "all", q: "" }, "push") },
          t.list.showAll,
        ),
    ]),
  );
  if (filtered) announce(t.list.noneTitle);
}
