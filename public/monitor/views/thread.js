/** @import { Thread } from "../data/types.js" */
import { loadOlder } from "../data/poll.js";
import { currentConversation, on, store } from "../data/store.js";
import { keyOf, timeline } from "../data/timeline.js";
import { find, h, icon, setAttribute } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { keyed } from "../lib/keyed.js";
import { drawObjection } from "./objection.js";
import { drawThreadHeader } from "./thread-header.js";
import { drawThreadState } from "./thread-state.js";
import { timelineItem, versionOf } from "./timeline-item.js";
import { drawTodoBar } from "./todo-bar.js";

/**
 * A scroll position this near to the end counts as the end; this near to the start, older messages are loaded. In px.
 */
const NEAR_END = 60;
const NEAR_START = 300;

/** The open conversation, between its header and the form for a reply. @param {HTMLElement} root */
export function startThread(root) {
  new ThreadView(root);
}

class ThreadView {
  #root;
  #scroller;
  #items;
  #older;
  #toEnd;
  /** @type {number | null} the thread that is drawn */
  #drawn = null;
  /** @type {number | null} */
  #unreadFrom = null;
  /** Which incoming messages had come when the person was at the end last. */
  #seenUpTo = 0;
  #atEnd = true;
  #paging = false;
  /** @type {string | undefined} the newest reply that was seen on its way */
  #newestReply;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    this.#scroller = find(root, "#thread-scroll");
    this.#items = find(root, "#timeline");
    this.#older = find(root, "#older");
    this.#toEnd = find(root, "#to-bottom");
    on(["open", "thread", "list"], () => this.#draw());
    this.#older.append(
      h("button", { type: "button", class: "link", click: () => void this.#loadOlder() }, t.thread.older),
    );
    // Arrow keys scroll it, in every browser.
    this.#scroller.tabIndex = 0;
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#toEnd.addEventListener("click", () => {
      this.#goToEnd();
      this.#scroller.focus({ preventScroll: true });
    });
    // The composer grows, the keyboard opens, a photo arrives: a person who was at the end stays there.
    const resized = new ResizeObserver(() => this.#atEnd && this.#goToEnd());
    resized.observe(this.#scroller);
    resized.observe(this.#items);
  }

  #draw() {
    const id = store.open;
    find(this.#root, "#overview").hidden = id !== null;
    find(this.#root, "#conversation").hidden = id === null;
    if (id === null) {
      this.#drawn = null;
      return;
    }
    drawThreadHeader(find(this.#root, "#thread-header"));
    drawObjection(find(this.#root, "#objection"));
    drawTodoBar(find(this.#root, "#todo-bar"));
    if (this.#drawn !== id) this.#begin(id);
    const thread = store.threads.get(id);
    drawThreadState(find(this.#root, "#thread-state"), thread);
    this.#older.hidden = !(thread?.status === "ready" && thread.more);
    if (thread?.status === "ready") this.#drawItems(thread);
  }

  /** Another conversation is opened. @param {number} id */
  #begin(id) {
    this.#drawn = id;
    this.#items.replaceChildren();
    this.#unreadFrom = null;
    this.#atEnd = true;
    setAttribute(this.#scroller, "aria-busy", "true");
  }

  /** @param {Thread} thread */
  #drawItems(thread) {
    if (this.#scroller.hasAttribute("aria-busy")) {
      setAttribute(this.#scroller, "aria-busy", null);
      this.#unreadFrom = firstUnread(thread);
      this.#seenUpTo = newest(thread);
    }
    const reply = thread.pending.at(-1)?.client_id;
    // The user has just written this and wants to see it.
    if (reply && reply !== this.#newestReply) this.#atEnd = true;
    this.#newestReply = reply;
    const keepPlace = this.#atEnd ? () => this.#goToEnd() : this.#rememberPlace();
    keyed(this.#items, timeline(thread, this.#unreadFrom), {
      key: keyOf,
      version: versionOf,
      make: (item) => timelineItem(item, thread),
    });
    keepPlace();
    this.#drawToEnd(thread);
  }

  /** What stands at the top of the view stays there, whatever is added or changes above it. */
  #rememberPlace() {
    const items = () =>
      [...this.#items.querySelectorAll(":scope > :not(.day)")].filter((item) => item instanceof HTMLElement);
    const top = this.#scroller.getBoundingClientRect().top;
    const anchor = items().find((item) => item.getBoundingClientRect().bottom > top);
    const key = anchor?.dataset.key;
    const before = anchor?.getBoundingClientRect().top ?? 0;
    return () => {
      const after = items().find((item) => item.dataset.key === key);
      if (after) this.#scroller.scrollTop += after.getBoundingClientRect().top - before;
    };
  }

  #scrolled() {
    const thread = store.threads.get(this.#drawn ?? -1);
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (thread?.status !== "ready") return;
    if (this.#atEnd) this.#seenUpTo = newest(thread);
    this.#drawToEnd(thread);
    if (scrollTop < NEAR_START && thread.more && !this.#paging) void this.#loadOlder();
  }

  async #loadOlder() {
    this.#paging = true;
    await loadOlder();
    this.#paging = false;
  }

  #goToEnd() {
    this.#atEnd = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    const thread = store.threads.get(this.#drawn ?? -1);
    if (!thread) return;
    this.#seenUpTo = newest(thread);
    this.#drawToEnd(thread);
  }

  /** The button that leads to the end, with how many are new there. @param {Thread} thread */
  #drawToEnd(thread) {
    const fresh = incoming(thread).filter(({ id }) => id > this.#seenUpTo).length;
    this.#toEnd.hidden = this.#atEnd;
    const label = fresh > 0 ? t.thread.newMessages(fresh) : t.thread.toBottom;
    if (this.#toEnd.textContent !== label) this.#toEnd.replaceChildren(icon("down"), label);
  }
}

/** @param {Thread} thread */
const incoming = (thread) =>
  [...thread.messages.values()].filter(({ direction }) => direction === "incoming").sort((a, b) => a.id - b.id);
/** @param {Thread} thread */
const newest = (thread) => incoming(thread).at(-1)?.id ?? 0;

/** @param {Thread} thread */
function firstUnread(thread) {
  const unread = currentConversation()?.unread ?? 0;
  return unread > 0 ? (incoming(thread).at(-unread)?.id ?? null) : null;
}
