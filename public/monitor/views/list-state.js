import { reloadList } from "../data/poll.js";
import { setFilter } from "../data/route.js";
import { store } from "../data/store.js";
import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { announce } from "./toast.js";

/**
 * What stands in place of rows: that they are on their way, that there are none, or that they cannot be had.
 *
 * @param {HTMLElement} place
 */
export function drawListState(place) {
  const { list, listStatus, filter } = store;
  const was = place.dataset.now ?? "";
  // The page comes with what is seen until the first answer, and a list that is there is not replaced while it loads.
  if (list.length === 0 && listStatus === "loading" && was === "") return;
  const now = list.length > 0 ? "rows" : `${listStatus} ${filter.state} ${filter.case} ${filter.q}`;
  if (now === was) return;
  place.dataset.now = now;
  place.replaceChildren(...(list.length > 0 ? [] : content()));
  if (list.length === 0 && listStatus === "ready" && isFiltered()) announce(t.list.noneTitle);
}

const isFiltered = () => store.filter.q !== "" || store.filter.state !== "all" || store.filter.case !== "";

function content() {
  switch (store.listStatus) {
    case "loading":
      return Array.from({ length: 7 }, () => h("div", { class: "skeleton-row" }));
    case "error":
      return [h("h3", {}, t.list.failed), button(t.list.retry, () => void reloadList())];
    case "ready":
      return isFiltered()
        ? [
            h("h3", {}, t.list.noneTitle),
            h("p", {}, store.filter.q ? t.list.noneSearch(store.filter.q) : t.list.noneFilter),
            button(t.list.showAll, () => setFilter({ state: "all", case: "", q: "" }, "push")),
          ]
        : [h("h3", {}, t.list.emptyTitle), h("p", {}, t.list.empty)];
  }
}

/** @param {string} label @param {() => void} click */
const button = (label, click) => h("button", { type: "button", class: "button", click }, label);
