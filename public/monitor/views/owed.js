/** @import { Counts } from "../../../lib/supabase/monitor/feed.ts" */
import { on, store } from "../data/store.js";
import { h, icon, present } from "../lib/dom.js";
import { number, t } from "../lib/i18n.js";

const OWED = /** @type {const} */ (["waiting", "answered", "bill", "error", "check"]);
const IN_BAR = /** @type {const} */ (["bill", "answered", "waiting", "check", "error"]);

/**
 * The one question of this business, above everything else: how many cases are still to be completed.
 *
 * @param {HTMLElement} root
 */
export function startOwed(root) {
  let drawn = "";
  on(["counts"], () => {
    const { counts } = store;
    if (!counts) return;
    const version = [counts.complete, ...IN_BAR.map((state) => counts[state])].join();
    if (version === drawn) return;
    drawn = version;
    root.replaceChildren(...content(counts));
  });
}

/** @param {Counts} counts */
function content(counts) {
  const all = OWED.reduce((sum, state) => sum + counts[state], 0);
  if (all === 0) return [];
  const owed = Math.max(0, all - counts.complete);
  const words = h(
    "p",
    { class: "owed-words" },
    owed > 0 ? h("strong", {}, number(owed)) : icon("bill"),
    h("span", {}, owed > 0 ? t.list.owed(owed) : t.list.allIn),
    h("span", {}, t.list.received(counts.complete, all)),
  );
  const begun = Math.max(0, counts.bill - counts.complete);
  const parts = IN_BAR.map(
    (state) =>
      (state === "bill" ? begun : counts[state]) > 0 &&
      part(state === "bill" ? "begun" : state, state === "bill" ? begun : counts[state]),
  );
  return [
    words,
    h(
      "div",
      { class: "owed-bar", "aria-hidden": "true" },
      ...present([counts.complete > 0 && part("bill", counts.complete), ...parts]),
    ),
  ];
}

/** @param {string} state @param {number} share */
function part(state, share) {
  const element = h("span", { class: `state-${state}` });
  element.style.flexGrow = String(share);
  return element;
}
