import { find, setText } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { openDialog } from "../lib/open-dialog.js";

/**
 * A second look before what cannot be taken back.
 * @param {{ title: string, text: string, yes: string, no?: string, danger?: boolean }} question
 * @returns {Promise<boolean>}
 */
export async function confirm({ title, text, yes, no = t.ask.no, danger = false }) {
  const dialog = find(document, "#dialog", HTMLDialogElement);
  const yesButton = find(dialog, "#dialog-yes");
  const noButton = find(dialog, "#dialog-no");
  setText(find(dialog, "#dialog-title"), title);
  setText(find(dialog, "#dialog-text"), text);
  setText(yesButton, yes);
  setText(noButton, no);
  yesButton.classList.toggle("danger", danger);
  yesButton.onclick = () => dialog.close("yes");
  noButton.onclick = () => dialog.close();
  const closed = openDialog(dialog);
  // What changes nothing comes first under the finger.
  noButton.focus();
  return (await closed) === "yes";
}
