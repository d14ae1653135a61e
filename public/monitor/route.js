/** @import { FilterState } from "./types.js" */
import { changed, store } from "./store.js";

/** @type {readonly FilterState[]} */
export const STATES = ["all", "waiting", "answered", "bill", "error", "check"];

/** The page's address says which conversation is open and what the list shows. @param {Partial<{ open: number | null, state: FilterState, q: string }>} [change] */
export function address({ open = store.open, state = store.filter.state, q = store.filter.q } = {}) {
  const search = new URLSearchParams();
  if (open !== null) search.set("c", String(open));
  if (state !== "all") search.set("state", state);
  if (q) search.set("q", q);
  return search.size === 0 ? "/monitor" : `/monitor?${search}`;
}

function read() {
  const search = new URLSearchParams(location.search);
  const open = Number(search.get("c"));
  store.open = Number.isSafeInteger(open) && open > 0 ? open : null;
  store.filter = {
    state: STATES.find((state) => state === search.get("state")) ?? "all",
    q: (search.get("q") ?? "").slice(0, 100),
  };
}

let moved = () => {};

/** @param {() => void} handler called when the person goes back or forward */
export function startRouting(handler) {
  moved = handler;
  read();
  addEventListener("popstate", () => {
    read();
    moved();
  });
}

/** @param {number} id */
export function openConversation(id) {
  if (id === store.open) return;
  // Whether “back” leads to the list of this page, or away from it.
  history.pushState({ fromList: store.open === null }, "", address({ open: id }));
  store.open = id;
  moved();
}

/** To the list; on the way back where that is where the person came from. */
export function closeConversation() {
  if (store.open === null) return;
  if (history.state?.fromList) return history.back();
  history.pushState(null, "", address({ open: null }));
  store.open = null;
  moved();
}

/** A conversation that has become another one. @param {number} id */
export function replaceConversation(id) {
  history.replaceState(history.state, "", address({ open: id }));
  store.open = id;
  moved();
}

/** @param {Partial<{ state: FilterState, q: string }>} change @param {"push" | "replace"} how each letter typed is no step of its own */
export function setFilter(change, how) {
  const filter = { ...store.filter, ...change };
  if (filter.state === store.filter.state && filter.q === store.filter.q) return;
  history[how === "push" ? "pushState" : "replaceState"](how === "push" ? null : history.state, "", address(filter));
  store.filter = filter;
  changed("filter");
  moved();
}
