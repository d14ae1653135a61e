/** @import { FeedAnswer } from "./types.js" */
import { store } from "./store.js";

/** What was deleted disappears, also if it is open. @param {NonNullable<FeedAnswer["deleted"]>} deleted ids */
export function takeDeleted({ messages, conversations }) {
  for (const thread of store.threads.values()) for (const id of messages) thread.messages.delete(id);
  for (const id of conversations) {
    store.threads.delete(id);
    store.conversations.delete(id);
  }
  store.list = store.list.filter((id) => store.conversations.has(id));
}
