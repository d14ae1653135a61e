/** @import { Conversation, FeedAnswer, Filter, ListAnswer, Sender, Thread, User } from "./types.js" */
/** @import { TodoCounts } from "../../../lib/supabase/followup/todo.ts" */
/** @import { Counts } from "../../../lib/supabase/monitor/feed.ts" */
import { setServerTime } from "../lib/time.js";

/** What the page knows. The views draw it and are notified when it changes; nothing else is kept anywhere. */
export const store = {
  /** @type {User | null} */
  user: null,
  /** @type {Filter} */
  filter: { state: "all", q: "", case: "" },
  /** @type {number | null} the conversation that is open */
  open: null,
  /** @type {Map<number, Conversation>} all that were ever received, also those that the filter hides */
  conversations: new Map(),
  /** @type {number[]} what the list shows, the newest first */
  list: [],
  /** @type {string | null} the next page of the list, null if there is none */
  next: null,
  /** @type {"loading" | "ready" | "error"} */
  listStatus: "loading",
  /** @type {Counts | null} */
  counts: null,
  /** How many customers are on each worklist. @type {TodoCounts | null} */
  todo: null,
  /** @type {Sender | null} */
  sender: null,
  /** @type {{ source: ListAnswer["source"], error: NonNullable<ListAnswer["source_error"]> | null } | null} */
  source: null,
  /** @type {Map<number, Thread>} */
  threads: new Map(),
  live: {
    /** Whether the server is asked: only while a user is signed in. */
    running: false,
    failing: false,
    /** Unix time in milliseconds by this computer's clock, as is the next one. */
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

/** The conversation that is open, as far as it is known. */
export const currentConversation = () => store.conversations.get(store.open ?? -1);
/** Its thread, if it was read. */
export const currentThread = () => store.threads.get(store.open ?? -1);

/** What all answers contain. @param {ListAnswer | FeedAnswer} answer */
export function takeOverview({ source, source_error, counts, todo, sender, server_time }) {
  setServerTime(server_time);
  store.source = { source, error: source_error ?? null };
  // Null if they have not changed.
  store.counts = counts ?? store.counts;
  store.todo = todo;
  store.sender = sender;
}
