/** @import { Conversation } from "../data/types.js" */
import { loadMore } from "../data/poll.js";
import { address, openConversation } from "../data/route.js";
import { on, store } from "../data/store.js";
import { find, h, isPlainClick, setAttribute } from "../lib/dom.js";
import { relative } from "../lib/time.js";
import { drawListState } from "./list-state.js";
import { rowContent } from "./row.js";

/** In rem, as in list.css. */
const ROW_REM = 4.5;
/** Rows kept above and below what is seen. */
const MARGIN = 8;
/** So many rows before the end of what is loaded the next page is asked for. */
const AHEAD = 30;
const REDRAW_MS = 30_000;

/** The conversations. @param {HTMLElement} root @returns {{ focusRow: (id?: number) => void }} */
export function startList(root) {
  const list = new List(root);
  return { focusRow: (id) => list.focus(id) };
}

/** Only what is in sight is in the document, so that five thousand are as quick as fifty. */
class List {
  #root;
  #scroller;
  #rows;
  /** @type {Map<number, { element: HTMLLIElement, link: HTMLAnchorElement, version: string }>} */
  #drawn = new Map();
  /** @type {number | null} the row that Tab leads to */
  #current = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    this.#scroller = find(root, "#list");
    this.#rows = find(root, "#rows");
    const draw = () => this.#draw();
    this.#scroller.addEventListener("scroll", draw, { passive: true });
    new ResizeObserver(draw).observe(this.#scroller);
    this.#rows.addEventListener("keydown", (event) => this.#move(event));
    on(["list", "open", "filter"], draw);
    on(["filter"], () => {
      this.#scroller.scrollTop = 0;
    });
    // “5 min fa” becomes older.
    setInterval(draw, REDRAW_MS);
    draw();
  }

  #draw() {
    const height = rowHeight();
    const { list } = store;
    const total = `${list.length * height}px`;
    if (this.#rows.style.height !== total) this.#rows.style.height = total;
    if (this.#current === null || !list.includes(this.#current))
      this.#current = store.open !== null && list.includes(store.open) ? store.open : (list[0] ?? null);
    this.#place(this.#inSight(height), height);
    setAttribute(this.#scroller, "aria-busy", String(store.listStatus === "loading"));
    drawListState(find(this.#root, "#list-state"));
    const rest = list.length * height - this.#scroller.scrollTop - this.#scroller.clientHeight;
    if (store.next !== null && rest < height * AHEAD) void loadMore();
  }

  /** Which places of the list are to be in the document, in order. @param {number} height of a row in px */
  #inSight(height) {
    const { scrollTop, clientHeight } = this.#scroller;
    const first = Math.max(0, Math.floor(scrollTop / height) - MARGIN);
    const last = Math.min(store.list.length, Math.ceil((scrollTop + clientHeight) / height) + MARGIN);
    const places = Array.from({ length: last - first }, (_, n) => first + n);
    // The keyboard focus stays in the list when its row scrolls away.
    const row = document.activeElement?.closest(".row");
    const focused = row instanceof HTMLElement ? store.list.indexOf(Number(row.dataset.id)) : -1;
    if (focused >= last) places.push(focused);
    else if (focused >= 0 && focused < first) places.unshift(focused);
    return places;
  }

  /** @param {number[]} places @param {number} height of a row in px */
  #place(places, height) {
    const { list } = store;
    const wanted = new Set(places.map((at) => list[at]));
    for (const [id, { element }] of this.#drawn) {
      if (wanted.has(id)) continue;
      element.remove();
      this.#drawn.delete(id);
    }
    let next = this.#rows.firstElementChild;
    for (const at of places) {
      const conversation = store.conversations.get(list[at] ?? -1);
      if (!conversation) continue;
      const element = this.#row(conversation);
      const top = `translateY(${at * height}px)`;
      if (element.style.transform !== top) element.style.transform = top;
      setAttribute(element, "aria-posinset", at + 1);
      setAttribute(element, "aria-setsize", store.next === null ? list.length : -1);
      if (next === element) next = element.nextElementSibling;
      else this.#rows.insertBefore(element, next);
    }
  }

  /** @param {Conversation} conversation */
  #row(conversation) {
    const { id, unread, last_at } = conversation;
    const row = this.#drawn.get(id) ?? this.#newRow(id);
    const time = relative(last_at);
    const version = JSON.stringify([conversation, time, store.filter.state]);
    if (row.version !== version) {
      row.version = version;
      row.link.replaceChildren(...rowContent(conversation, time));
    }
    setAttribute(row.link, "class", unread > 0 ? "unread" : null);
    setAttribute(row.link, "href", address({ open: id }));
    setAttribute(row.link, "aria-current", id === store.open ? "true" : null);
    setAttribute(row.link, "tabindex", id === this.#current ? 0 : -1);
    return row.element;
  }

  /** @param {number} id */
  #newRow(id) {
    const click = (/** @type {MouseEvent} */ event) => {
      if (!isPlainClick(event)) return;
      event.preventDefault();
      openConversation(id);
    };
    const link = h("a", { click, focus: () => this.#setCurrent(id) });
    const row = { element: h("li", { class: "row", "data-id": id }, link), link, version: "" };
    this.#drawn.set(id, row);
    return row;
  }

  /** @param {number} id */
  #setCurrent(id) {
    if (this.#current === id) return;
    this.#current = id;
    for (const [of, { link }] of this.#drawn) setAttribute(link, "tabindex", of === id ? 0 : -1);
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const { list } = store;
    const at = list.indexOf(this.#current ?? -1);
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / rowHeight()) - 1);
    /** @type {Record<string, number>} */
    const steps = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: list.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.focus(list[Math.min(list.length - 1, Math.max(0, to))]);
  }

  /** The keyboard goes to a conversation's row, or to the one that is chosen. @param {number} [id] */
  focus(id = this.#current ?? store.list[0]) {
    const at = id === undefined ? -1 : store.list.indexOf(id);
    if (at < 0 || id === undefined) return this.#root.focus();
    this.#setCurrent(id);
    const height = rowHeight();
    const { scrollTop, clientHeight } = this.#scroller;
    if (at * height < scrollTop) this.#scroller.scrollTop = at * height;
    else if ((at + 1) * height > scrollTop + clientHeight) this.#scroller.scrollTop = (at + 1) * height - clientHeight;
    this.#draw();
    this.#drawn.get(id)?.link.focus({ preventScroll: true });
  }
}

const rowHeight = () => ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
