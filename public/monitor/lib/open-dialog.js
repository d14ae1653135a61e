/**
 * Shows a dialog until it is closed: by a button, by Escape, or by a click beside it.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<string>} what it was closed with, "" if with nothing
 */
export function openDialog(dialog) {
  const { promise, resolve } = /** @type {PromiseWithResolvers<string>} */ (Promise.withResolvers());
  // Pressed and let go beside it: a selection of text that ends there closes nothing.
  let pressedBeside = false;
  dialog.onpointerdown = (event) => {
    pressedBeside = isBeside(dialog, event);
  };
  dialog.onclick = (event) => {
    if (pressedBeside && isBeside(dialog, event)) dialog.close();
  };
  dialog.onclose = () => resolve(dialog.returnValue);
  dialog.returnValue = "";
  dialog.showModal();
  return promise;
}

/** @param {HTMLDialogElement} dialog @param {MouseEvent} event */
function isBeside(dialog, { target, clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return target === dialog && (clientX < left || clientX > right || clientY < top || clientY > bottom);
}
