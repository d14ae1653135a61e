import { closeConversation } from "../data/route.js";
import { store } from "../data/store.js";
import { find } from "../lib/dom.js";
import { focusLabel } from "./label-choice.js";
import { focusSearch } from "./search.js";

/**
 * “/” searches, L goes to what the newest answer means, Esc goes one step back; the list's own keys are in list.js.
 * @param {Document} page
 * @param {(id?: number) => void} focusRow the keyboard goes to a conversation's row, or to the one that is chosen
 */
export function startKeyboard(page, focusRow) {
  const app = find(page, "#app");
  const search = find(page, "#search", HTMLInputElement);
  page.addEventListener("keydown", (event) => {
    if (app.hidden || page.querySelector("dialog[open], :popover-open") || event.defaultPrevented) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
    if (event.key === "/" && plain) {
      event.preventDefault();
      focusSearch();
    } else if (event.key.toLowerCase() === "l" && plain && focusLabel(page)) {
      // Otherwise the letter would choose in the list that it has led to.
      event.preventDefault();
    } else if (event.key === "Escape" && !event.isComposing) {
      stepBack();
    }
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    focusRow(store.list[0]);
  });

  function stepBack() {
    if (page.activeElement === search) {
      if (search.value) find(page, "#search-clear").click();
      else focusRow();
      return;
    }
    const id = store.open;
    if (id === null) return;
    closeConversation();
    // The browser reports going back a moment later.
    setTimeout(() => focusRow(id), 50);
  }
}

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
