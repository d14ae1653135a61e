/** @import { Case, CasePod } from "../../data/types.js" */
import { shortPod } from "../../lib/case-words.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { openDialog } from "../../lib/open-dialog.js";
import { confirm } from "../confirm.js";
import { actOnCase } from "./act-on-case.js";
import { askForm } from "./ask-form.js";

/** A POD as people write it: with spaces, points or dashes, with a check digit or without. */
export const POD = "[Ii][Tt][ .\\-]?\\d{3}[ .\\-]?[Ee][ .\\-]?(\\d[ .\\-]?){8,9}";

/**
 * What can be said of one POD of a case.
 * @param {number} conversationId @param {Case} theCase @param {CasePod} of
 */
export async function changePod(conversationId, { pods }, { pod, from, to }) {
  const others = pods.filter((one) => one.pod !== pod);
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "case-pod-title" });
  const button = (/** @type {string} */ words, /** @type {string} */ result) =>
    h("button", { type: "button", class: "button", click: () => dialog.close(result) }, words);
  dialog.append(
    h("h2", { id: "case-pod-title" }, t.case.ofPod(pod)),
    h(
      "div",
      { class: "case-choices" },
      button(t.case.supply, "supply"),
      button(t.case.merge, "merge"),
      button(t.case.remove, "remove"),
      button(t.case.cancel, ""),
    ),
  );
  document.body.append(dialog);
  const chosen = await openDialog(dialog);
  dialog.remove();
  if (chosen === "supply") return supply(conversationId, pod, from, to);
  if (chosen === "merge") return merge(conversationId, pod, others);
  if (chosen === "remove") return remove(conversationId, pod);
}

/** @param {number} conversation_id @param {string} pod @param {string | null} from @param {string | null} to */
const supply = (conversation_id, pod, from, to) =>
  askForm(
    {
      title: t.case.supply,
      text: t.case.supplyHelp,
      fields: [
        { name: "from", label: t.case.from, type: "date", value: from ?? "" },
        { name: "to", label: t.case.to, type: "date", value: to ?? "" },
      ],
    },
    (said) => actOnCase({ action: "case_supply", conversation_id, pod, from: said.from || null, to: said.to || null }),
  );

/** @param {number} conversation_id @param {string} from @param {CasePod[]} others */
const merge = (conversation_id, from, others) =>
  askForm(
    {
      title: t.case.ofPod(shortPod(from)),
      text: t.case.mergeHelp,
      fields: [{ name: "into", label: t.case.into, required: true, pattern: POD, value: others[0]?.pod ?? "" }],
    },
    ({ into = "" }) => actOnCase({ action: "case_pod_merge", conversation_id, from, into }),
  );

/** @param {number} conversation_id @param {string} pod */
async function remove(conversation_id, pod) {
  const question = { title: t.case.remove, text: t.case.removeAsk(pod), yes: t.case.removeYes, danger: true };
  if (await confirm(question)) await actOnCase({ action: "case_pod", conversation_id, pod, change: "remove" });
}
