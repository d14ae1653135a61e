import { address, setFilter } from "../data/route.js";
import { on, store } from "../data/store.js";
import { h, isPlainClick, setText } from "../lib/dom.js";
import { number, t } from "../lib/i18n.js";

const STATES = /** @type {const} */ (["waiting", "answered", "error", "check", "bill"]);

/**
 * What is seen while no conversation is open: the states in words, with how many are in each.
 *
 * @param {HTMLElement} root
 */
export function startOverview(root) {
  const lines = STATES.map(line);
  root.append(
    h(
      "div",
      { class: "overview-inner" },
      h("h2", {}, t.overview.title),
      h("p", { class: "overview-lead" }, t.overview.lead),
      h("ul", {}, ...lines.map(({ element }) => element)),
    ),
  );
  on(["counts"], () => {
    for (const { state, count } of lines) setText(count, number(store.counts?.[state] ?? 0));
  });
}

/** @param {(typeof STATES)[number]} state */
function line(state) {
  const count = h("span", { class: "overview-count" }, "–");
  const click = (/** @type {MouseEvent} */ event) => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    setFilter({ state, q: "" }, "push");
  };
  const link = h(
    "a",
    { href: address({ open: null, state, q: "" }), class: `state-${state}`, click },
    count,
    h("span", { class: "overview-words" }, h("strong", {}, t.states[state]), h("span", {}, t.overview.help[state])),
  );
  return { state, count, element: h("li", {}, link) };
}
