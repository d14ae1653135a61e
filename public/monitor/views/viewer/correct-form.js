/** @import { Supply } from "../../data/types.js" */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { COLUMNS } from "./bill-facts.js";

const DAYS = /_(from|to|on)$/;
const QUANTITIES = /kwh|_kw$/;
/** @type {Record<string, [value: string, words: string][]>} */
const choices = {
  measured: [
    ["true", t.bill.yes],
    ["false", t.bill.no],
  ],
  voltage: [
    ["BT", "BT"],
    ["MT", "MT"],
  ],
  use: [
    ["domestic", t.bill.domestic],
    ["other", t.bill.otherUse],
  ],
};

/**
 * A form with what was read, to be corrected.
 * @param {Supply[]} supplies @param {(supplies: object[]) => void} save @param {() => void} cancel
 */
export function correctForm(supplies, save, cancel) {
  /** @type {{ element: HTMLElement, read: () => object }[]} */
  const groups = (supplies.length > 0 ? supplies : [null]).map((supply) => group(supply));
  const rows = h("div", {}, ...groups.map(({ element }) => element));
  const add = () => {
    const more = group(null);
    groups.push(more);
    rows.append(more.element);
    more.element.querySelector("input")?.focus();
  };
  return h(
    "form",
    {
      class: "viewer-form fields",
      submit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        save(groups.map(({ read }) => read()));
      },
    },
    h("h2", {}, t.bill.correct),
    rows,
    h("button", { type: "button", class: "link", click: add }, t.bill.addSupply),
    h(
      "div",
      { class: "viewer-buttons" },
      h("button", { type: "submit", class: "button primary" }, t.bill.save),
      h("button", { type: "button", class: "button", click: cancel }, t.ask.no),
    ),
  );
}

/** @param {Supply | null} supply */
function group(supply) {
  const fields = COLUMNS.map((column) => ({ column, control: control(column, supply?.[column] ?? null) }));
  const element = h(
    "fieldset",
    {},
    h("legend", {}, supply?.pod ? `POD ${supply.pod}` : t.bill.newSupply),
    ...fields.map(({ column, control: input }) => h("label", {}, h("span", {}, t.bill.columns[column]), input)),
  );
  const read = () => ({
    ...Object.fromEntries(fields.map(({ column, control: input }) => [column, toValue(column, input.value.trim())])),
    months: supply?.months ?? [],
  });
  return { element, read };
}

/** @param {string} column @param {string | number | boolean | null} value */
function control(column, value) {
  const options = choices[column];
  if (options) {
    const select = h(
      "select",
      {},
      h("option", { value: "" }, "–"),
      ...options.map(([key, words]) => h("option", { value: key }, words)),
    );
    select.value = String(value ?? "");
    return select;
  }
  if (DAYS.test(column)) return h("input", { type: "date", value: String(value ?? "") });
  if (QUANTITIES.test(column))
    return h("input", { type: "number", step: "any", min: "0", value: String(value ?? ""), inputmode: "decimal" });
  const pattern = column === "pod" ? "[Ii][Tt][\\s.\\-]*\\d{3}[\\s.\\-]*[Ee](?:[\\s.\\-]*\\d){8,9}" : null;
  return h("input", { type: "text", value: String(value ?? ""), maxlength: "200", pattern, autocomplete: "off" });
}

/** @param {string} column @param {string} value */
function toValue(column, value) {
  if (value === "") return null;
  if (column === "measured") return value === "true";
  return QUANTITIES.test(column) ? Number(value) : value;
}
