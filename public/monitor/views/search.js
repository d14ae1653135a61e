import { closeConversation, setFilter } from "../data/route.js";
import { on, store } from "../data/store.js";
import { find } from "../lib/dom.js";

const TYPING_MS = 250;

/** The search field: what is typed filters the list. @param {HTMLElement} root */
export function startSearch(root) {
  const field = find(root, "#search", HTMLInputElement);
  const clear = find(root, "#search-clear");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  const apply = () => {
    clearTimeout(typing);
    setFilter({ q: field.value.trim() }, "replace");
  };
  field.addEventListener("input", () => {
    clear.hidden = field.value === "";
    clearTimeout(typing);
    typing = setTimeout(apply, TYPING_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") apply();
  });
  clear.addEventListener("click", () => {
    field.value = "";
    clear.hidden = true;
    apply();
    field.focus();
  });

  const draw = () => {
    const { q } = store.filter;
    if (document.activeElement !== field && field.value.trim() !== q) field.value = q;
    clear.hidden = field.value === "";
  };
  on(["filter"], draw);
  draw();
}

/** The keyboard goes to the search. */
export function focusSearch() {
  const field = find(document, "#search", HTMLInputElement);
  // On a phone the list is behind the conversation.
  if (field.checkVisibility?.() === false) closeConversation();
  field.focus();
  field.select();
}
