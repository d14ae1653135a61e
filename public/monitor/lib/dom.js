const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Makes an element. Text becomes text nodes, so nothing that a customer writes is ever read as markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} [attributes]
 *   a function is a listener
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else setAttribute(element, name, value);
  }
  element.append(...present(children));
  return element;
}

/** @param {Child[]} children @returns {(Node | string)[]} */
export function present(children) {
  return children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .filter((child) => child !== "");
}

/** @param {string} name a symbol of monitor.html; decoration, never the only sign of something */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/**
 * Changes the document only if the value differs, so that a selection and a screen reader's place stay.
 * @param {Element} element @param {string} name @param {string | number | boolean | null | undefined} value
 */
export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * The element of monitor.html for a selector.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} root @param {string} selector @param {new () => T} [type]
 * @returns {T}
 * @throws {Error} if there is none of that type
 */
export function find(root, selector, type) {
  const element = root.querySelector(selector);
  if (!(element instanceof (type ?? HTMLElement))) throw new Error(`There is no ${selector}.`);
  return /** @type {T} */ (element);
}

/**
 * Whether an element shows this version already; if not, the caller draws it now.
 * @param {HTMLElement} element @param {string} version
 */
export function isDrawn(element, version) {
  if (element.dataset.version === version) return true;
  element.dataset.version = version;
  return false;
}

/** Whether a click is to be followed here, and not in another tab or window. @param {MouseEvent} event */
export const isPlainClick = ({ button, ctrlKey, metaKey, shiftKey }) =>
  button === 0 && !ctrlKey && !metaKey && !shiftKey;
