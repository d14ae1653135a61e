import { currentConversation, on, store } from "../data/store.js";
import { t } from "../lib/i18n.js";
import { who } from "../lib/text.js";

/** The window's title: how many are unread, and who is open. @param {HTMLElement} app while it is seen */
export function startTitle(app) {
  on(["counts", "open", "list"], () => {
    if (app.hidden) return;
    const unread = store.counts?.unread ?? 0;
    const conversation = currentConversation();
    const title = `${unread > 0 ? `(${unread}) ` : ""}${conversation ? `${who(conversation)} · ` : ""}${t.title}`;
    if (document.title !== title) document.title = title;
  });
}
