/** @import { CaseFilter, Filter, FilterState, ListState, TodoName } from "./types.js" */
import { store } from "./store.js";

/** @type {readonly ListState[]} */
export const STATES = ["all", "waiting", "answered", "bill", "error", "check", "objection", "undelivered"];
/** The worklists, in the order in which staff go through them. @type {readonly TodoName[]} */
export const TODOS = [
  "questions",
  "wrong_numbers",
  "promises",
  "bills",
  "other_supplies",
  "not_reachable",
  "never_delivered",
  "to_call",
];
/** @param {FilterState} state @returns {state is TodoName} */
export const isTodo = (state) => TODOS.some((todo) => todo === state);

/** @type {readonly CaseFilter[]} */
export const CASES = ["", "open", "missing", "to_check", "complete", "declared", "none"];

/**
 * The page's address says which conversation is open and what the list shows.
 * @param {Partial<Filter & { open: number | null }>} [change]
 */
export function address({
  open = store.open,
  state = store.filter.state,
  q = store.filter.q,
  case: ofCase = store.filter.case,
} = {}) {
  const search = new URLSearchParams();
  if (open !== null) search.set("c", String(open));
  if (state !== "all") search.set("state", state);
  if (ofCase) search.set("case", ofCase);
  if (q) search.set("q", q);
  return search.size === 0 ? "/monitor" : `/monitor?${search}`;
}

/** @returns {{ open: number | null, filter: Filter }} */
function read() {
  const search = new URLSearchParams(location.search);
  const open = Number(search.get("c"));
  return {
    open: Number.isSafeInteger(open) && open > 0 ? open : null,
    filter: {
      state: [...STATES, ...TODOS].find((state) => state === search.get("state")) ?? "all",
      case: CASES.find((one) => one === search.get("case")) ?? "",
      q: (search.get("q") ?? "").slice(0, 100),
    },
  };
}

let moved = { opened: () => {}, filtered: () => {} };

/** Takes what the address says. @param {typeof moved} handlers of what changes from now on */
export function startRouting(handlers) {
  Object.assign(store, read());
  moved = handlers;
  addEventListener("popstate", () => go(read()));
}

/** @param {{ open?: number | null, filter?: Filter }} to */
function go({ open = store.open, filter = store.filter }) {
  const filtered = !same(filter, store.filter);
  const opened = open !== store.open;
  store.filter = filter;
  store.open = open;
  if (filtered) moved.filtered();
  if (opened) moved.opened();
}

/** @param {number} id */
export function openConversation(id) {
  if (id === store.open) return;
  // Whether “back” leads to the list of this page, or away from it.
  history.pushState({ fromList: store.open === null }, "", address({ open: id }));
  go({ open: id });
}

/** To the list; by going back if the person came from it. */
export function closeConversation() {
  if (store.open === null) return;
  if (history.state?.fromList) return history.back();
  history.pushState(null, "", address({ open: null }));
  go({ open: null });
}

/** A conversation that has become another one. @param {number} id */
export function replaceConversation(id) {
  history.replaceState(history.state, "", address({ open: id }));
  go({ open: id });
}

/** @param {Partial<Filter>} change @param {"push" | "replace"} how each letter typed is no step of its own */
export function setFilter(change, how) {
  const filter = { ...store.filter, ...change };
  if (same(filter, store.filter)) return;
  history[how === "push" ? "pushState" : "replaceState"](how === "push" ? null : history.state, "", address(filter));
  go({ filter });
}

/** @param {Filter} a @param {Filter} b */
const same = (a, b) => a.state === b.state && a.q === b.q && a.case === b.case;
