import { find } from "../lib/dom.js";

/** Leads to the files that are to be confirmed, of all customers. @param {HTMLElement} root */
export function startToConfirm(root) {
  find(root, "#to-confirm").addEventListener("click", async () => {
    const { openToConfirm } = await import("./viewer/open-viewer.js");
    await openToConfirm();
  });
}
