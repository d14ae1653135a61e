import { find, setAttribute, setText } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { openDialog } from "../lib/open-dialog.js";

/**
 * Asks for a sentence that is kept with the user's name.
 * @param {{ title: string, text: string, yes: string }} question @param {string} suggestion
 * @returns {Promise<string | null>} null if nothing is to be done
 */
export async function askReason({ title, text, yes }, suggestion) {
  const dialog = find(document, "#reason-dialog", HTMLDialogElement);
  const field = find(dialog, "#reason", HTMLInputElement);
  /** @param {string} words */
  const complain = (words) => {
    setText(find(dialog, "#reason-error"), words);
    setAttribute(field, "aria-invalid", words ? "true" : null);
  };
  setText(find(dialog, "#reason-title"), title);
  setText(find(dialog, "#reason-text"), text);
  setText(find(dialog, "#reason-yes"), yes);
  field.value = suggestion;
  complain("");
  find(dialog, "#reason-no").onclick = () => dialog.close();
  find(dialog, "#reason-form").onsubmit = (event) => {
    event.preventDefault();
    if (field.value.trim()) dialog.close("yes");
    else {
      complain(t.objection.missing);
      field.focus();
    }
  };
  const closed = openDialog(dialog);
  field.focus();
  field.select();
  return (await closed) === "yes" ? field.value.trim() : null;
}
