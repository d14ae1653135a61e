import { byId, h, setText } from "./dom.js";
import { number, t } from "./i18n.js";
import { address, setFilter } from "./route.js";
import { on, store } from "./store.js";

const STATES = /** @type {const} */ (["waiting", "answered", "error", "check", "bill"]);

/** What is seen while no conversation is open: the states in words, with how many are in each. */
export function startOverview() {
  const lines = STATES.map((state) => {
    const count = h("span", { class: "overview-count" }, "–");
    const link = h(
      "a",
      { href: address({ open: null, state, q: "" }), class: `state-${state}`, click: follow },
      count,
      h("span", { class: "overview-words" }, h("strong", {}, t.states[state]), h("span", {}, t.overview.help[state])),
    );
    /** @param {MouseEvent} event */
    function follow(event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      setFilter({ state, q: "" }, "push");
    }
    return { state, count, line: h("li", {}, link) };
  });
  byId("overview").append(
    h(
      "div",
      { class: "overview-inner" },
      h("h2", {}, t.overview.title),
      h("p", { class: "overview-lead" }, t.overview.lead),
      h("ul", {}, ...lines.map(({ line }) => line)),
    ),
  );
  on(["counts"], () => {
    for (const { state, count } of lines) setText(count, number(store.counts?.[state] ?? 0));
  });
}
