import { byId, setText } from "./dom.js";
import { t } from "./i18n.js";

/**
 * A second look before what cannot be taken back.
 * @param {{ title: string, text: string, yes: string, no?: string, danger?: boolean }} question
 * @returns {Promise<boolean>}
 */
export function confirm({ title, text, yes, no = t.ask.no, danger = false }) {
  /** @type {HTMLDialogElement} */
  const dialog = byId("dialog");
  const yesButton = byId("dialog-yes");
  const noButton = byId("dialog-no");
  setText(byId("dialog-title"), title);
  setText(byId("dialog-text"), text);
  setText(yesButton, yes);
  setText(noButton, no);
  yesButton.classList.toggle("danger", danger);
  const { promise, resolve } = /** @type {PromiseWithResolvers<boolean>} */ (Promise.withResolvers());
  yesButton.onclick = () => dialog.close("yes");
  noButton.onclick = () => dialog.close("no");
  // A click beside it is a no.
  dialog.onclick = (event) => {
    if (event.target === dialog && !inside(dialog, event)) dialog.close("no");
  };
  dialog.onclose = () => resolve(dialog.returnValue === "yes");
  dialog.returnValue = "no";
  dialog.showModal();
  // What changes nothing comes first under the finger.
  noButton.focus();
  return promise;
}

/** @param {Element} element @param {MouseEvent} event */
function inside(element, { clientX, clientY }) {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
}
