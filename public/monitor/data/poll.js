/** @import { Message } from "./types.js" */
import { ApiError, readFeed } from "./api.js";
import { takeDeleted } from "./deleted.js";
import { takeChanges } from "./list-order.js";
import { loadList, loadPage, stopLoadingList } from "./load-list.js";
import { loadOlderMessages, loadThread } from "./load-thread.js";
import { hasQueued, sharedHold } from "./queued.js";
import { markSeen } from "./seen.js";
import { changed, currentThread, store, takeOverview } from "./store.js";
import { takeMessages } from "./threads.js";

const POLL_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/** @type {string | null} */
let cursor = null;
/** @type {string | null} */
let etag = null;
let wait = POLL_MS;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {AbortController | null} */
let asking = null;
/** @type {(messages: Message[]) => void} */
let arrived = () => {};

/** Once, at the start. @param {(messages: Message[]) => void} handler called with what customers have newly written */
export function startPolling(handler) {
  arrived = handler;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else pollNow();
  });
  addEventListener("online", pollNow);
  addEventListener("focus", markSeen);
}

/** Polls while a user is signed in and the page is visible, and at once when it becomes visible again. */
export function resumePolling() {
  if (store.live.running) return;
  store.live.running = true;
  wait = POLL_MS;
  schedule(POLL_MS);
}

/** Stops until the next sign-in; then it begins again with the list. */
export function stopPolling() {
  store.live.running = false;
  clearTimeout(timer);
  asking?.abort();
  stopLoadingList();
  asking = null;
  cursor = null;
  etag = null;
}

/** @param {number} ms */
function schedule(ms) {
  clearTimeout(timer);
  if (store.live.running && !document.hidden) timer = setTimeout(poll, ms);
}

/** After an action, when the page is visible again, or because the user asked for it. */
export function pollNow() {
  if (!store.live.running || document.hidden) return;
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
    if (cursor === null || store.listStatus === "error") await loadFromStart();
    else await readChanges(cursor, asking.signal);
  } catch (error) {
    failed(error);
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
  const { conversations, messages, deleted, more } = answer;
  const heldBy = sharedHold();
  takeOverview(answer);
  const holdsChanged = heldBy !== sharedHold() && hasQueued(currentThread());
  if (deleted) takeDeleted(deleted);
  takeChanges(conversations, messages);
  const known = currentThread()?.messages;
  const fresh = messages.filter(
    (message) => message.direction === "incoming" && isNew(message) && !known?.has(message.id),
  );
  takeMessages(messages);
  succeeded(more);
  changed("list", "counts", "sender", "thread");
  arrived(fresh);
  const touched = [
    ...conversations.map(({ id }) => id),
    ...messages.map(({ conversation_id }) => conversation_id),
    ...(deleted?.conversations ?? []),
  ];
  // Its calls, its bills and what staff did come with the thread only; why a message waits changes without the message.
  if (store.open !== null && (touched.includes(store.open) || holdsChanged)) void loadThread();
}

/** Not one whose file or state has changed. @param {Message} message */
const isNew = ({ created_at, updated_at }) => Math.abs(Date.parse(updated_at) - Date.parse(created_at)) < 1_000;

async function loadFromStart() {
  const answer = await loadList();
  if (!answer) return;
  // A later list must not move the poll on: it would skip what changed in between.
  cursor ??= answer.cursor;
  succeeded(false);
  changed("list", "counts", "sender");
  // It may have been read before what is open was seen.
  markSeen();
}

// What the views ask for: if it fails, the banner says so.
export const reloadList = () => loadFromStart().catch(failed);
export const loadMore = () => loadPage().catch(failed);
export const loadOlder = () => loadOlderMessages().catch(failed);

/** @param {boolean} more whether there is more to read at once */
function succeeded(more) {
  const wasFailing = store.live.failing;
  Object.assign(store.live, { failing: false, okAt: Date.now(), retryAt: 0, trying: false });
  wait = POLL_MS;
  schedule(more ? 0 : POLL_MS);
  if (wasFailing) {
    changed("live");
    if (currentThread()?.status === "error") void loadThread();
  }
}

/** @param {unknown} error */
function failed(error) {
  if (!store.live.running || (error instanceof ApiError && error.signedOut)) return;
  if (error instanceof ApiError && error.code === "invalid_cursor") {
    cursor = null;
    etag = null;
    return schedule(0);
  }
  wait = store.live.failing ? Math.min(LONGEST_WAIT_MS, wait * 2) : POLL_MS;
  Object.assign(store.live, { failing: true, retryAt: Date.now() + wait, trying: false });
  schedule(wait);
  changed("live");
}
