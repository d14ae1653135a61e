import { ApiError, readThread } from "./api.js";
import { takeConversation } from "./list-order.js";
import { replaceConversation } from "./route.js";
import { markSeen } from "./seen.js";
import { changed, currentThread, store } from "./store.js";
import { forgetOldThreads, takeMessage, threadOf } from "./threads.js";

const PAGE = 50;

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
    const {
      conversation,
      messages,
      calls,
      actions,
      bills,
      codes,
      case: theCase,
      more,
    } = await readThread(id, null, PAGE);
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
    for (const message of messages) takeMessage(thread, message);
    Object.assign(thread, {
      calls,
      actions,
      bills,
      codes,
      case: theCase,
      reminders: conversation.reminders,
      status: "ready",
    });
    forgetOldThreads();
    changed("thread", "list");
    markSeen();
  } catch (error) {
    if (error instanceof ApiError && error.signedOut) return;
    if (error instanceof ApiError && error.status === 404) thread.status = "missing";
    else if (thread.status !== "ready") thread.status = "error";
    changed("thread");
  }
}

/** Older messages of the open conversation. */
export async function loadOlderMessages() {
  const thread = currentThread();
  if (!thread?.more) return;
  const oldest = Math.min(...thread.messages.keys());
  const { messages, more } = await readThread(thread.id, oldest, PAGE);
  for (const message of messages) takeMessage(thread, message);
  thread.more = more;
  changed("thread");
}
