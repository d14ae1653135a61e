/** @import { Label, Message } from "../data/types.js" */
import { act } from "../data/api.js";
import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { refresh, tryTo } from "./actions.js";
import { toast } from "./toast.js";

/** Their first letters differ in both languages: the keyboard chooses by them. @type {Label[]} */
const LABELS = ["promise", "question", "no_bills", "by_email", "wrong_number", "refusal", "other"];

/** What an incoming message means, and what changes it; a voice message has no words. @param {Message} message */
export function labelChoice({ id, label, type }) {
  if (label === null && type !== "audio") return null;
  const value = label?.value ?? "";
  const select = h(
    "select",
    { id: `label-${id}`, "aria-label": t.label.name, title: label ? t.label.by[label.by] : t.label.name },
    label === null && h("option", { value: "" }, t.label.none),
    ...LABELS.map((one) => h("option", { value: one, ...(one === value && { selected: "" }) }, t.label.values[one])),
  );
  select.addEventListener("change", () => void setLabel(id, select.value, null, () => (select.value = value)));
  // Not every browser chooses in a closed list by a letter.
  select.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (key.length !== 1 || ctrlKey || metaKey || altKey) return;
    const option = [...select.options].find(
      ({ text, value }) => value && text.toLowerCase().startsWith(key.toLowerCase()),
    );
    if (!option) return;
    event.preventDefault();
    select.value = option.value;
    select.dispatchEvent(new Event("change"));
  });
  return h("div", { class: `label ${value}` }, select, label?.value === "promise" && untilField(id, label.date));
}

/** @param {number} id @param {string | null} date */
function untilField(id, date) {
  const field = h("input", { type: "date", id: `until-${id}`, "aria-label": t.label.until, value: date ?? "" });
  field.addEventListener(
    "change",
    () => void setLabel(id, "promise", field.value || null, () => (field.value = date ?? "")),
  );
  return field;
}

/** @param {number} id @param {string} value @param {string | null} date @param {() => void} undo */
async function setLabel(id, value, date, undo) {
  if (await tryTo(() => act({ action: "label", id, value, date }))) toast(t.label.done);
  else undo();
  refresh();
}

/** The newest answer's label is under the keyboard. @param {Document} page */
export function focusLabel(page) {
  const newest = [...page.querySelectorAll("#timeline .label select")].at(-1);
  if (newest instanceof HTMLElement) newest.focus();
  return newest !== undefined;
}
