import { find } from "../lib/dom.js";

const SHOWN_MS = 5_000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** A short notice about what the user has just done. @param {string} text */
export function toast(text) {
  const element = find(document, "#toast");
  element.textContent = text;
  element.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => {
    element.hidden = true;
  }, SHOWN_MS);
}

/** For those who do not see the page. @param {string} text */
export function announce(text) {
  find(document, "#announcer").textContent = text;
}
