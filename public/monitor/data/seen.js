import { act } from "./api.js";
import { changed, currentConversation, store } from "./store.js";

/** Marks as read what the user has on the screen. */
export function markSeen() {
  const conversation = currentConversation();
  if (!conversation?.unread || document.hidden || !document.hasFocus() || !store.live.running) return;
  if (store.counts) store.counts = { ...store.counts, unread: Math.max(0, store.counts.unread - conversation.unread) };
  store.conversations.set(conversation.id, { ...conversation, unread: 0 });
  changed("list", "counts");
  // The next poll shows the result.
  act({ action: "seen", conversation_id: conversation.id }).catch(() => {});
}
