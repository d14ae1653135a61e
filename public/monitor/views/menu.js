import { signOut } from "../data/api.js";
import { forgetDrafts } from "../data/drafts.js";
import { stopPolling } from "../data/poll.js";
import { on, store } from "../data/store.js";
import { find, setText } from "../lib/dom.js";

/** The account's name and mail address, and signing out. @param {HTMLElement} root */
export function startMenu(root) {
  on(["user"], () => setText(find(root, "#user-name"), store.user?.name || store.user?.email || ""));
  find(root, "#sign-out").addEventListener("click", async () => {
    stopPolling();
    forgetDrafts();
    // Nothing of what was seen stays in the page.
    await signOut().catch(() => {});
    location.assign("/monitor");
  });
}
