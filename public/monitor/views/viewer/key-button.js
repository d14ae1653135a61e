import { h } from "../../lib/dom.js";

/**
 * A button that a key presses as well, which it shows.
 * @param {string} words @param {string} key @param {() => void} click @param {{ primary?: boolean, disabled?: boolean }} [as]
 */
export const keyButton = (words, key, click, { primary = false, disabled = false } = {}) =>
  h(
    "button",
    {
      type: "button",
      class: primary ? "button primary" : "button",
      "aria-keyshortcuts": key,
      "data-key": key.toLowerCase(),
      disabled,
      click,
    },
    words,
    " ",
    h("kbd", { "aria-hidden": "true" }, key),
  );
