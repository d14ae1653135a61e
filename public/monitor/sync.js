/** @import { Message } from "./types.js" */
import { ApiError, act, readFeed, readList, readThread } from "./api.js";
import { replaceConversation } from "./route.js";
import {
  changed,
  store,
  takeChanges,
  takeConversation,
  takeMessages,
  takeOverview,
  takePage,
  threadOf,
} from "./store.js";

const POLL_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;
const LIST_PAGE = 80;
const THREAD_PAGE = 50;
const THREADS_KEPT = 30;

/** @type {string | null} */
let cursor = null;
/** @type {string | null} */
let etag = null;
let wait = POLL_MS;
let running = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {AbortController | null} */
let asking = null;
/** @type {AbortController | null} */
let listing = null;
/** @type {string | null} */
let pageAsked = null;
/** @type {(messages: Message[]) => void} */
let arrived = () => {};

/** @param {(messages: Message[]) => void} handler called with what customers have newly written */
export const onArrival = (handler) => {
  arrived = handler;
};

/** Polls while the page is seen, at once when it is seen again. */
export function startSync() {
  if (running) return;
  running = true;
  wait = POLL_MS;
  schedule(POLL_MS);
}

/** Until somebody has signed in. */
export function stopSync() {
  running = false;
  clearTimeout(timer);
  asking?.abort();
  listing?.abort();
  asking = null;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) clearTimeout(timer);
  else pollNow();
});
addEventListener("online", () => pollNow());

/** @param {number} ms */
function schedule(ms) {
  clearTimeout(timer);
  if (running && !document.hidden) timer = setTimeout(poll, ms);
}

/** After an action, when the page is seen again, or because somebody asked for it. */
export function pollNow() {
  if (!running || document.hidden) return;
  clearTimeout(timer);
  if (!asking) void poll();
}

async function poll() {
  if (asking) return;
  asking = new AbortController();
  if (store.live.failing) {
    store.live.trying = true;
    changed("live");
  }
  try {
    if (cursor === null || store.listStatus === "error") await loadList();
    else await readChanges(cursor, asking.signal);
  } catch (error) {
    if (running) failed(error);
  } finally {
    asking = null;
  }
}

/** @param {string} after @param {AbortSignal} signal */
async function readChanges(after, signal) {
  const changes = await readFeed(after, etag, signal);
  ({ cursor, etag } = changes);
  const { answer } = changes;
  if (!answer) return succeeded(false);
  takeOverview(answer);
  takeChanges(answer.conversations, answer.messages);
  const known = store.threads.get(store.open ?? -1)?.messages;
  const fresh = answer.messages.filter(
    (message) => message.direction === "incoming" && isNew(message) && !known?.has(message.id),
  );
  takeMessages(answer.messages);
  succeeded(answer.more);
  changed("list", "counts", "sender", "thread");
  arrived(fresh);
  // Its calls and what staff did come with the thread only.
  if (answer.conversations.some(({ id }) => id === store.open)) void loadThread();
}

/** Not one whose file or state has changed. @param {Message} message */
const isNew = ({ created_at, updated_at }) =>
  !updated_at || Math.abs(Date.parse(updated_at) - Date.parse(created_at)) < 1_000;

/** @param {boolean} more */
function succeeded(more) {
  const wasFailing = store.live.failing;
  store.live = { failing: false, okAt: Date.now(), retryAt: 0, trying: false };
  wait = POLL_MS;
  schedule(more ? 0 : POLL_MS);
  if (wasFailing) {
    changed("live");
    if (store.threads.get(store.open ?? -1)?.status === "error") void loadThread();
  }
}

/** @param {unknown} error */
function failed(error) {
  if (error instanceof ApiError && error.status === 401) return;
  if (error instanceof ApiError && error.code === "invalid_cursor") {
    cursor = null;
    etag = null;
    return schedule(0);
  }
  wait = store.live.failing ? Math.min(LONGEST_WAIT_MS, wait * 2) : POLL_MS;
  store.live = { ...store.live, failing: true, retryAt: Date.now() + wait, trying: false };
  schedule(wait);
  changed("live");
}

/** The list from its start, for the filter as it is. */
async function loadList() {
  listing?.abort();
  const mine = new AbortController();
  listing = mine;
  pageAsked = null;
  store.listStatus = "loading";
  changed("list");
  try {
    const answer = await readList({ ...store.filter, limit: LIST_PAGE }, mine.signal);
    takePage(answer.conversations, true);
    store.next = answer.next;
    store.listStatus = "ready";
    takeOverview(answer);
    // A later list must not move the poll on: it would skip what changed in between.
    cursor ??= answer.cursor;
    succeeded(false);
    changed("list", "counts", "sender");
    // It may have been read before what is open was seen.
    markSeen();
  } catch (error) {
    if (mine.signal.aborted) return;
    store.listStatus = "error";
    changed("list");
    throw error;
  }
}

/** The same, for those who have nobody to tell: the banner does. */
export const reloadList = () => loadList().catch(failed);

/** The next page of the list. */
export async function loadMore() {
  const before = store.next;
  if (before === null || before === pageAsked || store.listStatus !== "ready" || !listing) return;
  pageAsked = before;
  const { signal } = listing;
  try {
    const answer = await readList({ ...store.filter, before, limit: LIST_PAGE }, signal);
    if (signal.aborted) return;
    store.next = answer.next;
    takePage(answer.conversations, false);
    changed("list");
  } catch (error) {
    if (signal.aborted) return;
    // The next scroll may ask again.
    pageAsked = null;
    failed(error);
  }
}

/** The newest part of the open conversation. */
export async function loadThread() {
  const id = store.open;
  if (id === null) return;
  const thread = threadOf(id);
  if (thread.status === "error") {
    thread.status = "loading";
    changed("thread");
  }
  try {
    const { conversation, messages, calls, actions, bills, more } = await readThread(id, null, THREAD_PAGE);
    takeConversation(conversation);
    if (conversation.merged_into !== null) {
      store.threads.delete(id);
      if (store.open === id) replaceConversation(conversation.merged_into);
      return;
    }
    // What was paged in stays, unless there is a gap between it and the newest.
    if (more && thread.messages.size > 0 && !messages.some((message) => thread.messages.has(message.id)))
      thread.messages.clear();
    if (thread.messages.size === 0) thread.more = more;
    for (const message of messages) thread.messages.set(message.id, message);
    thread.calls = calls;
    thread.actions = actions;
    thread.bills = bills;
    thread.status = "ready";
    forgetOldThreads();
    changed("thread", "list");
    markSeen();
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return;
    if (error instanceof ApiError && error.status === 404) thread.status = "missing";
    else if (thread.status !== "ready") thread.status = "error";
    changed("thread");
  }
}

/** Older messages of the open conversation. */
export async function loadOlder() {
  const thread = store.threads.get(store.open ?? -1);
  if (!thread?.more) return;
  const oldest = Math.min(...thread.messages.keys());
  try {
    const { messages, more } = await readThread(thread.id, oldest, THREAD_PAGE);
    for (const message of messages) thread.messages.set(message.id, message);
    thread.more = more;
    changed("thread");
  } catch (error) {
    failed(error);
  }
}

/** Those opened longest ago, but none in which something is still being sent. */
function forgetOldThreads() {
  for (const [id, { pending }] of store.threads) {
    if (store.threads.size <= THREADS_KEPT) return;
    if (id !== store.open && pending.length === 0) store.threads.delete(id);
  }
}

/** What somebody has in front of them is read. */
export function markSeen() {
  const conversation = store.conversations.get(store.open ?? -1);
  if (!conversation?.unread || document.hidden || !document.hasFocus() || !running) return;
  if (store.counts) store.counts = { ...store.counts, unread: Math.max(0, store.counts.unread - conversation.unread) };
  store.conversations.set(conversation.id, { ...conversation, unread: 0 });
  changed("list", "counts");
  // The next poll tells what became of it.
  act({ action: "seen", conversation_id: conversation.id }).catch(() => {});
}
addEventListener("focus", markSeen);

/** Nothing is asked twice: the poll starts again from the list. */
export function startOver() {
  cursor = null;
  etag = null;
}
