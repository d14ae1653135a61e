/** @import { Conversation, Message, Thread, Counts, Sender, FilterState, Overview } from "./types.js" */
import { setServerTime } from "./time.js";

/** What the page knows. The parts of the page draw it and are told when it changes; nothing else is kept anywhere. */
export const store = {
  /** @type {{ email: string, name: string | null } | null} */
  user: null,
  /** @type {{ state: FilterState, q: string }} */
  filter: { state: "all", q: "" },
  /** @type {number | null} the conversation that is open */
  open: null,
  /** @type {Map<number, Conversation>} all that were ever told, also those that the filter hides */
  conversations: new Map(),
  /** @type {number[]} what the list shows, the newest first */
  list: [],
  /** @type {string | null} where the list goes on */
  next: null,
  /** @type {"loading" | "ready" | "error"} */
  listStatus: "loading",
  /** @type {Counts | null} */
  counts: null,
  /** @type {Sender | null} */
  sender: null,
  /** @type {{ source: "wasender" | "database", error: string | null } | null} */
  source: null,
  /** @type {Map<number, Thread>} */
  threads: new Map(),
  live: {
    failing: false,
    /** Unix time in milliseconds by this computer's clock, as are the next two. */
    okAt: 0,
    retryAt: 0,
    trying: false,
  },
};

/** @typedef {"user" | "list" | "filter" | "open" | "thread" | "sender" | "counts" | "live"} Topic */
/** @type {Map<Topic, (() => void)[]>} */
const listeners = new Map();

/** @param {Topic[]} topics @param {() => void} draw */
export function on(topics, draw) {
  for (const topic of topics) listeners.set(topic, [...(listeners.get(topic) ?? []), draw]);
}

/** Each listener is called once, however many of the topics it listens to. @param {...Topic} topics */
export function changed(...topics) {
  for (const draw of new Set(topics.flatMap((topic) => listeners.get(topic) ?? []))) draw();
}

/** @param {Overview} overview */
export function takeOverview({ source, source_error, counts, sender, server_time }) {
  setServerTime(server_time);
  store.source = { source, error: source_error ?? null };
  // Null where they have not changed.
  store.counts = counts ?? store.counts;
  store.sender = sender;
}

/** @param {Conversation} a @param {Conversation} b */
const newestFirst = (a, b) =>
  Date.parse(b.last_at ?? "1970-01-01") - Date.parse(a.last_at ?? "1970-01-01") || b.id - a.id;

/** @param {Conversation[]} conversations @param {boolean} fromStart */
export function takePage(conversations, fromStart) {
  if (fromStart) store.list = [];
  place(conversations, ({ merged_into }) => merged_into === null);
}

/**
 * Puts conversations into the list where they belong now, or takes them out of it. The others keep their places: of five
 * thousand not one is compared that need not be.
 *
 * @param {Conversation[]} conversations @param {(conversation: Conversation) => boolean} wanted
 */
function place(conversations, wanted) {
  const placed = new Set(conversations.map(({ id }) => id));
  const list = store.list.filter((id) => !placed.has(id));
  for (const conversation of conversations) {
    store.conversations.set(conversation.id, conversation);
    if (wanted(conversation)) list.splice(placeIn(list, conversation), 0, conversation.id);
  }
  store.list = list;
}

/** @param {number[]} list the newest first @param {Conversation} conversation */
function placeIn(list, conversation) {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = store.conversations.get(list[middle] ?? -1);
    if (other && newestFirst(other, conversation) <= 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** A conversation as it was read by itself. @param {Conversation} conversation */
export function takeConversation(conversation) {
  const shown = store.list.includes(conversation.id);
  place([conversation], () => shown);
}

/**
 * Conversations that were added or changed: those that the filter still wants are in the list, the others leave it.
 * @param {Conversation[]} conversations @param {Message[]} messages that came with them
 */
export function takeChanges(conversations, messages) {
  if (conversations.length === 0) return;
  const shown = new Set(store.list);
  const last = store.conversations.get(store.list.at(-1) ?? -1);
  // What lies below the part of the list that is loaded comes with its page.
  const inReach = (/** @type {Conversation} */ conversation) =>
    store.next === null || !last || newestFirst(conversation, last) <= 0;
  place(
    conversations,
    (conversation) =>
      conversation.merged_into === null &&
      fits(conversation, messages, shown.has(conversation.id)) &&
      (shown.has(conversation.id) || inReach(conversation)),
  );
}

/** @param {Conversation} conversation @param {Message[]} messages @param {boolean} shown */
function fits(conversation, messages, shown) {
  const { state, q } = store.filter;
  if (state !== "all" && conversation.state !== state) return false;
  if (!q || shown) return true;
  const words = q.toLocaleLowerCase();
  const digits = q.replace(/\D/g, "");
  return (
    (conversation.name ?? "").toLocaleLowerCase().includes(words) ||
    (digits.length > 2 && (conversation.phone_number ?? "").includes(digits)) ||
    messages.some(
      ({ conversation_id, text }) => conversation_id === conversation.id && text?.toLocaleLowerCase().includes(words),
    )
  );
}

/** @param {number} id @returns {Thread} */
export function threadOf(id) {
  let thread = store.threads.get(id);
  if (!thread) {
    thread = {
      id,
      messages: new Map(),
      calls: [],
      actions: [],
      bills: [],
      pending: [],
      more: false,
      status: "loading",
    };
    store.threads.set(id, thread);
  }
  return thread;
}

/**
 * Only threads that were opened are kept; the others are read when they are. @param {Message[]} messages
 * @returns {boolean} whether the open thread is among them
 */
export function takeMessages(messages) {
  let open = false;
  for (const message of messages) {
    const thread = store.threads.get(message.conversation_id);
    if (!thread || thread.status !== "ready") continue;
    thread.messages.set(message.id, message);
    dropConfirmed(thread, message);
    open ||= thread.id === store.open;
  }
  return open;
}

/** The poll may tell of a reply before its own request is answered. @param {Thread} thread @param {Message} message */
function dropConfirmed(thread, message) {
  if (message.kind !== "reply") return;
  const at = thread.pending.findIndex(({ text, known }) => text === message.text && !known.has(message.id));
  if (at >= 0) thread.pending.splice(at, 1);
}
