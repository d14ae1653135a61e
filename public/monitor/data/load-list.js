import { readList } from "./api.js";
import { takePage } from "./list-order.js";
import { changed, store, takeOverview } from "./store.js";

const PAGE = 80;

/** @type {AbortController | null} of the list that is shown or on its way */
let listing = null;
/** @type {string | null} */
let pageAsked = null;

/** The list from its start, for the filter as it is; null if another one was asked for meanwhile. */
export async function loadList() {
  stopLoadingList();
  const mine = new AbortController();
  listing = mine;
  pageAsked = null;
  store.listStatus = "loading";
  changed("list");
  try {
    const answer = await readList({ ...store.filter, limit: PAGE }, mine.signal);
    takePage(answer.conversations, true);
    store.next = answer.next;
    store.listStatus = "ready";
    takeOverview(answer);
    return answer;
  } catch (error) {
    if (mine.signal.aborted) return null;
    store.listStatus = "error";
    changed("list");
    throw error;
  }
}

/** The next page of the list. */
export async function loadPage() {
  const before = store.next;
  if (before === null || before === pageAsked || store.listStatus !== "ready" || !listing) return;
  pageAsked = before;
  const { signal } = listing;
  try {
    const answer = await readList({ ...store.filter, before, limit: PAGE }, signal);
    if (signal.aborted) return;
    store.next = answer.next;
    takePage(answer.conversations, false);
    changed("list");
  } catch (error) {
    if (signal.aborted) return;
    // The next scroll may ask again.
    pageAsked = null;
    throw error;
  }
}

export const stopLoadingList = () => listing?.abort();
