import { byId } from "./dom.js";
import { focusRow } from "./list.js";
import { closeConversation } from "./route.js";
import { store } from "./store.js";

/** “/” searches, Esc goes one step back; the list's own keys are in list.js. */
export function startKeyboard() {
  document.addEventListener("keydown", (event) => {
    if (byId("app").hidden || document.querySelector("dialog[open], :popover-open") || event.defaultPrevented) return;
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
      event.preventDefault();
      searchNow();
    } else if (event.key === "Escape" && !event.isComposing) {
      stepBack();
    }
  });
  byId("search").addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    focusRow(store.list[0]);
  });
}

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");

function searchNow() {
  const search = /** @type {HTMLInputElement} */ (byId("search"));
  // On a phone the list is behind the conversation.
  if (search.checkVisibility?.() === false) closeConversation();
  search.focus();
  search.select();
}

function stepBack() {
  const search = /** @type {HTMLInputElement} */ (byId("search"));
  if (document.activeElement === search) {
    if (search.value) byId("search-clear").click();
    else focusRow();
    return;
  }
  const id = store.open;
  if (id === null) return;
  closeConversation();
  // Going back tells the page a moment later.
  setTimeout(() => focusRow(id), 50);
}
