/**
 * Makes `parent` hold one element for each item, in order. An element stays as long as its item's key is there, and is
 * made again only if its version changed. Elements are moved only if the order changed.
 * @template T
 * @param {Element} parent
 * @param {T[]} items
 * @param {{ key: (item: T) => string, version: (item: T) => string, make: (item: T) => HTMLElement }} how
 */
export function keyed(parent, items, { key, version, make }) {
  const kept = keep(parent, new Set(items.map(key)));
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    const now = version(item);
    let element = kept.get(name);
    if (element && element.dataset.version !== now) {
      const fresh = make(item);
      if (place === element) place = fresh;
      replace(element, fresh);
      element = fresh;
    }
    element ??= make(item);
    element.dataset.key = name;
    element.dataset.version = now;
    if (place === element) place = element.nextElementSibling;
    else parent.insertBefore(element, place);
  }
}

/** Removes all children but the wanted. @param {Element} parent @param {Set<string>} wanted */
function keep(parent, wanted) {
  /** @type {Map<string, HTMLElement>} */
  const kept = new Map();
  for (const child of [...parent.children]) {
    const name = child instanceof HTMLElement ? child.dataset.key : undefined;
    if (child instanceof HTMLElement && name !== undefined && wanted.has(name)) kept.set(name, child);
    else child.remove();
  }
  return kept;
}

/** The keyboard's focus stays. @param {HTMLElement} element @param {HTMLElement} fresh */
function replace(element, fresh) {
  const { activeElement } = document;
  const focused = element.contains(activeElement);
  element.replaceWith(fresh);
  const same = [...fresh.querySelectorAll("[id]")].find(({ id }) => id === activeElement?.id);
  const next = same ?? fresh.querySelector("button, a");
  if (focused && next instanceof HTMLElement) next.focus();
}
