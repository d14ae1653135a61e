import { isDrawn } from "../lib/dom.js";

/**
 * What a place of the bar on top shows, changed only if it differs.
 * @param {HTMLElement} item @param {string} className @param {...(Element | string)} content
 */
export function fill(item, className, ...content) {
  const parts = content.map((part) => (typeof part === "string" ? part : part.outerHTML));
  if (isDrawn(item, [className, ...parts].join("|"))) return;
  item.className = `bar-item ${className}`;
  item.replaceChildren(...content);
}
