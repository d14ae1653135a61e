/** @import { Pending, Thread } from "./types.js" */
import { ApiError, sendReply } from "./api.js";
import { pollNow } from "./poll.js";
import { changed } from "./store.js";
import { takeMessage, threadOf } from "./threads.js";

/**
 * A reply to the customer: it is in the thread from now on.
 * @param {number} conversationId @param {string} text @param {Pick<Pending, "when" | "despite_objection">} how
 */
export function addReply(conversationId, text, how) {
  const thread = threadOf(conversationId);
  /** @type {Pending} */
  const pending = {
    client_id: crypto.randomUUID(),
    text,
    at: new Date().toISOString(),
    failed: false,
    known: new Set(thread.messages.keys()),
    ...how,
  };
  thread.pending.push(pending);
  return { thread, pending };
}

/**
 * However often this is tried, it is one message: the server knows it by its client_id.
 * @param {Thread} thread @param {Pending} pending
 * @returns {Promise<"sent" | "later" | "objection" | "refused">} `later`: it may be tried again; `objection`: a user has
 *   to confirm that it goes to somebody who wants no messages
 */
export async function tryReply(thread, pending) {
  pending.failed = false;
  changed("thread");
  try {
    const { client_id, text, when, despite_objection } = pending;
    const message = await sendReply({ conversation_id: thread.id, text, client_id, when, despite_objection });
    takeMessage(thread, message);
    dropReply(thread, pending);
    pollNow();
    return "sent";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    pending.failed = true;
    changed("thread");
    if (error.code === "objection") return "objection";
    return error.signedOut || error.status < 400 || error.status >= 500 ? "later" : "refused";
  }
}

/** @param {Thread} thread @param {Pending} pending */
export function dropReply(thread, pending) {
  thread.pending = thread.pending.filter((other) => other !== pending);
  changed("thread");
}
