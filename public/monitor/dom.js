const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Makes an element. Text becomes text nodes, so nothing that a customer writes is ever read as markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} [attributes] a function is a listener
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
  return /** @type {(Node | string)[]} */ (
    children.filter((child) => child !== null && child !== undefined && child !== false && child !== "")
  );
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
 * Touches the document only where something changes, so that a selection and a screen reader's place stay.
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
 * Makes `parent` hold one element for each item, in order: what is there under the same key stays, and is made again
 * only when its version changed. Elements are moved only where the order changed.
 * @template T
 * @param {Element} parent
 * @param {T[]} items
 * @param {{ key: (item: T) => string, version: (item: T) => string, make: (item: T) => HTMLElement }} how
 */
export function keyed(parent, items, { key, version, make }) {
  /** @type {Map<string, HTMLElement>} */
  const present = new Map();
  const wanted = new Set(items.map(key));
  for (const child of [...parent.children]) {
    const element = /** @type {HTMLElement} */ (child);
    if (element.dataset.key !== undefined && wanted.has(element.dataset.key)) present.set(element.dataset.key, element);
    else element.remove();
  }
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    const now = version(item);
    let element = present.get(name);
    if (element && element.dataset.version !== now) {
      const fresh = make(item);
      const focused = element.contains(document.activeElement);
      if (place === element) place = fresh;
      element.replaceWith(fresh);
      element = fresh;
      if (focused) /** @type {HTMLElement | null} */ (fresh.querySelector("button, a"))?.focus();
    }
    element ??= make(item);
    element.dataset.key = name;
    element.dataset.version = now;
    if (place === element) place = element.nextElementSibling;
    else parent.insertBefore(element, place);
  }
}

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`There is no #${id}.`);
  return /** @type {T} */ (element);
}
