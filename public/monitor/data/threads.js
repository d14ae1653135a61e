/** @import { Message, Thread } from "./types.js" */
import { store } from "./store.js";

const KEPT = 30;

/** @param {number} id of a conversation @returns {Thread} */
export function threadOf(id) {
  let thread = store.threads.get(id);
  if (!thread) {
    thread = {
      id,
      messages: new Map(),
      calls: [],
      actions: [],
      bills: [],
      case: null,
      reminders: null,
      codes: [],
      pending: [],
      more: false,
      status: "loading",
    };
    store.threads.set(id, thread);
  }
  return thread;
}

/** Only threads that were opened are kept; the others are read when they are. @param {Message[]} messages */
export function takeMessages(messages) {
  for (const message of messages) {
    const thread = store.threads.get(message.conversation_id ?? -1);
    if (thread?.status !== "ready") continue;
    takeMessage(thread, message);
    dropConfirmed(thread, message);
  }
}

/** An answer that was overtaken by a later one changes nothing. @param {Thread} thread @param {Message} message */
export function takeMessage(thread, message) {
  const known = thread.messages.get(message.id);
  if (known && Date.parse(known.updated_at) > Date.parse(message.updated_at)) return;
  thread.messages.set(message.id, message);
}

/** The poll may bring a reply before its own request is answered. @param {Thread} thread @param {Message} message */
function dropConfirmed(thread, message) {
  if (message.kind !== "reply") return;
  const at = thread.pending.findIndex(({ text, known }) => text === message.text && !known.has(message.id));
  if (at >= 0) thread.pending.splice(at, 1);
}

/** Those opened longest ago, but none in which something is still being sent. */
export function forgetOldThreads() {
  for (const [id, { pending }] of store.threads) {
    if (store.threads.size <= KEPT) return;
    if (id !== store.open && pending.length === 0) store.threads.delete(id);
  }
}
