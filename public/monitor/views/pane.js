import { find } from "../lib/dom.js";
import { startCase } from "./case/panel.js";
import { startChangePassword } from "./change-password.js";
import { startComposer } from "./composer.js";
import { startKeyboard } from "./keyboard.js";
import { startThread } from "./thread.js";

export { focusComposer } from "./composer.js";

/**
 * What a person needs once the list is there: the open conversation, the form for a reply, the keyboard's keys.
 * @param {Document} page
 * @param {(id?: number) => void} focusRow as startKeyboard takes it
 */
export function startPane(page, focusRow) {
  startThread(find(page, "#thread"));
  startCase(find(page, "#case"));
  startComposer(find(page, "#composer"));
  startKeyboard(page, focusRow);
  startChangePassword(find(page, "#password-dialog", HTMLDialogElement), find(page, "#change-password"));
}
