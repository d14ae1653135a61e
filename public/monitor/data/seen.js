import { act } from "./api.js";
import { changed, currentConversation, store } from "./store.js";

/** What somebody has in front of them is read. */
export function markSeen() {
  const conversation = currentConversation();
  if (!conversation?.unread || document.hidden || !document.hasFocus() || !store.live.running) return;
  if (store.counts) store.counts = { ...store.counts, unread: Math.max(0, store.counts.unread - conversation.unread) };
  store.conversations.set(conversation.id, { ...conversation, unread: 0 });
  changed("list", "counts");
  // The next poll tells what became of it.
  act({ action: "seen", conversation_id: conversation.id }).catch(() => {});
}
