import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { openDialog } from "../../lib/open-dialog.js";

/**
 * A field: a text, a day, a month, or a choice.
 * @typedef {{ name: string, label: string, type?: "text" | "date" | "month", value?: string, required?: boolean,
 *   pattern?: string, long?: boolean, hint?: string, options?: { value: string, label: string }[] }} Field
 */

/**
 * Asks for a few values, and does something with them: the form stays open until that has worked.
 * @param {{ title: string, text?: string, yes?: string, fields: Field[] }} form
 * @param {(values: Record<string, string>) => Promise<boolean>} save
 */
export async function askForm({ title, text, yes = t.case.save, fields }, save) {
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "case-form-title" });
  const error = h("p", { class: "fields-error", role: "alert" });
  const inputs = fields.map(inputOf);
  const form = h(
    "form",
    { class: "fields", novalidate: true },
    h("h2", { id: "case-form-title" }, title),
    text && h("p", {}, text),
    ...fields.flatMap(({ name, label, hint }, i) => [
      h("label", { for: `case-${name}` }, label),
      inputs[i],
      hint && h("p", { class: "fields-hint" }, hint),
    ]),
    error,
    h(
      "div",
      { class: "dialog-buttons" },
      h("button", { type: "button", class: "button", click: () => dialog.close() }, t.case.cancel),
      h("button", { type: "submit", class: "button primary" }, yes),
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const valid = form.checkValidity();
    error.textContent = valid ? "" : t.case.wrong;
    const values = Object.fromEntries(inputs.map((input) => [input.name, input.value.trim()]));
    if (valid && (await save(values))) dialog.close();
    else inputs.find((input) => !input.validity.valid)?.focus();
  });
  dialog.append(form);
  document.body.append(dialog);
  const closed = openDialog(dialog);
  inputs[0]?.focus();
  await closed;
  dialog.remove();
}

/** @param {Field} field */
function inputOf({ name, type = "text", value = "", required = false, pattern, long, options }) {
  const same = { id: `case-${name}`, name, required };
  if (long) return h("textarea", { ...same, rows: 4, maxlength: 1000 }, value);
  if (!options) return h("input", { ...same, type, value, pattern, autocomplete: "off", maxlength: 500 });
  return h(
    "select",
    same,
    ...options.map((one) => h("option", { value: one.value, selected: one.value === value }, one.label)),
  );
}
