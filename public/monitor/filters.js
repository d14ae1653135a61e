/** @import { FilterState } from "./types.js" */
import { csvAddress } from "./api.js";
import { byId, h, icon, present, setAttribute, setText } from "./dom.js";
import { number, t } from "./i18n.js";
import { STATES, setFilter } from "./route.js";
import { on, store } from "./store.js";

const TYPING_MS = 250;

/** The search, the filters with their counts, and what is still owed. */
export function startFilters() {
  const search = /** @type {HTMLInputElement} */ (byId("search"));
  const clear = byId("search-clear");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  const apply = () => {
    clearTimeout(typing);
    setFilter({ q: search.value.trim() }, "replace");
  };
  search.addEventListener("input", () => {
    clear.hidden = search.value === "";
    clearTimeout(typing);
    typing = setTimeout(apply, TYPING_MS);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") apply();
  });
  clear.addEventListener("click", () => {
    search.value = "";
    clear.hidden = true;
    apply();
    search.focus();
  });

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
  byId("filters").append(...chips.map(({ chip }) => chip));

  const draw = () => {
    const { filter, counts } = store;
    for (const { state, chip, count } of chips) {
      setAttribute(chip, "aria-pressed", String(filter.state === state));
      setText(count, counts ? number(counts[state]) : "");
      chip.classList.toggle("urgent", (state === "error" || state === "check") && (counts?.[state] ?? 0) > 0);
    }
    setAttribute(byId("export"), "href", csvAddress(filter));
    setAttribute(byId("export"), "title", t.list.exportHelp);
    if (document.activeElement !== search && search.value.trim() !== filter.q) search.value = filter.q;
    clear.hidden = search.value === "";
    drawOwed();
  };
  on(["filter", "counts"], draw);
  draw();
}

const OWED = /** @type {const} */ (["waiting", "answered", "error", "check"]);

/** The one question of this business, above everything else. */
function drawOwed() {
  const { counts } = store;
  if (!counts) return;
  const owed = OWED.reduce((sum, state) => sum + counts[state], 0);
  const all = owed + counts.bill;
  const version = [all, ...OWED.map((state) => counts[state])].join();
  const place = byId("owed");
  if (place.dataset.version === version) return;
  place.dataset.version = version;
  const words = h(
    "p",
    { class: "owed-words" },
    owed > 0 ? h("strong", {}, number(owed)) : icon("bill"),
    h("span", {}, owed > 0 ? t.list.owed(owed) : t.list.allIn),
    h("span", {}, t.list.received(counts.bill, all)),
  );
  const bar = h("div", { class: "owed-bar", "aria-hidden": "true" });
  for (const state of /** @type {const} */ (["bill", "answered", "waiting", "check", "error"])) {
    if (counts[state] === 0) continue;
    const part = h("span", { class: `state-${state}` });
    part.style.flexGrow = String(counts[state]);
    bar.append(part);
  }
  place.replaceChildren(...present(all > 0 ? [words, bar] : []));
}
