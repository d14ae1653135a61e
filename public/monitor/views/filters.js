import { csvAddress } from "../data/api.js";
import { CASES, STATES, setFilter } from "../data/route.js";
import { on, store } from "../data/store.js";
import { find, h, setAttribute, setText } from "../lib/dom.js";
import { number, t } from "../lib/i18n.js";

/** The filters with their counts, and the list as a file. @param {HTMLElement} root */
export function startFilters(root) {
  const file = find(root, "#export");
  setAttribute(file, "title", t.list.exportHelp);
  const chips = STATES.map((state) => {
    const count = h("b");
    const chip = h(
      "button",
      { type: "button", class: `chip state-${state}`, "data-state": state, click: () => setFilter({ state }, "push") },
      t.filters[state],
      " ",
      count,
    );
    return { state, chip, count };
  });
  const ofCase = find(root, "#case-filter", HTMLSelectElement);
  ofCase.append(...CASES.map((value) => h("option", { value }, t.case.filters[value || "all"])));
  ofCase.addEventListener("change", () =>
    setFilter({ case: CASES.find((value) => value === ofCase.value) ?? "" }, "push"),
  );
  find(root, "#filters").append(...chips.map(({ chip }) => chip));

  const draw = () => {
    const { filter, counts, sender } = store;
    for (const { state, chip, count } of chips) {
      setAttribute(chip, "aria-pressed", String(filter.state === state));
      // The bar counts what was never delivered, by messages.
      setText(count, counts && state !== "undelivered" ? number(counts[state]) : "");
      chip.hidden = state === "undelivered" && filter.state !== state && !sender?.lights.undelivered;
      chip.classList.toggle("urgent", (state === "error" || state === "check") && (counts?.[state] ?? 0) > 0);
    }
    ofCase.value = filter.case;
    setAttribute(file, "href", csvAddress(filter));
  };
  on(["filter", "counts", "sender"], draw);
  draw();
}
