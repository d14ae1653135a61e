/** @import { Case, Thread } from "../../data/types.js" */
import { keepDraft } from "../../data/drafts.js";
import { yearsOf } from "../../lib/case-words.js";
import { h, present } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { clockWithDay } from "../../lib/time.js";
import { toast } from "../toast.js";
import { actOnCase } from "./act-on-case.js";
import { askForm } from "./ask-form.js";
import { POD } from "./change-pod.js";

/** What staff can do for a case. @param {Thread} thread @param {Case} theCase */
export function caseButtons(thread, theCase) {
  const { id } = thread;
  return h(
    "div",
    { class: "case-buttons" },
    ...present([
      theCase.text !== null && button(t.case.write, () => prefill(id, theCase.text ?? "")),
      button(t.case.addPod, () => addPod(id)),
      button(t.case.monthsOf, () => assignMonths(thread, theCase)),
      button(`${t.case.year}: ${theCase.year}`, () => chooseYear(id, theCase)),
      theCase.declared
        ? button(t.case.reopen, () => actOnCase({ action: "case_reopen", conversation_id: id }))
        : theCase.state !== "complete" && button(t.case.declare, () => declare(id)),
      button(t.case.dossier, async () => (await import("./dossier-button.js")).downloadDossier(thread, theCase)),
    ]),
  );
}

/** @param {string} words @param {() => unknown} click */
const button = (words, click) =>
  h("button", { type: "button", class: "button quiet", click: () => void click() }, words);

/** The text is sent by the person, who may change it. @param {number} id @param {string} text */
function prefill(id, text) {
  keepDraft(id, text);
  const field = document.querySelector("#reply");
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.value = text;
  field.dispatchEvent(new Event("input"));
  field.focus();
}

/** @param {number} conversation_id */
export const addPod = (conversation_id) =>
  askForm(
    { title: t.case.podTitle, fields: [{ name: "pod", label: t.case.pod, required: true, pattern: POD }] },
    ({ pod = "" }) => actOnCase({ action: "case_pod", conversation_id, pod, change: "add" }),
  );

/** @param {number} conversation_id @param {Case} theCase */
const chooseYear = (conversation_id, theCase) =>
  askForm(
    {
      title: t.case.yearTitle,
      fields: [
        {
          name: "year",
          label: t.case.year,
          value: String(theCase.year),
          options: yearsOf(theCase).map((year) => ({ value: String(year), label: String(year) })),
        },
      ],
    },
    ({ year }) => actOnCase({ action: "case_year", conversation_id, year: Number(year) }),
  );

/** @param {number} conversation_id */
const declare = (conversation_id) =>
  askForm(
    {
      title: t.case.declare,
      text: t.case.declareHelp,
      yes: t.case.declare,
      fields: [{ name: "reason", label: t.case.reason, required: true }],
    },
    ({ reason = "" }) => actOnCase({ action: "case_declare", conversation_id, reason }),
  );

/** Of a file that could not be read, staff say the months. @param {Thread} thread @param {Case} theCase */
function assignMonths(thread, { year, pods }) {
  const files = [...thread.messages.values()].filter(
    ({ bill }) => bill && bill.state !== "not_a_bill" && !bill.confirmed_at,
  );
  if (files.length === 0) return toast(t.case.noFiles);
  // What nobody could read comes first.
  files.sort((a, b) => Number(b.bill?.waits) - Number(a.bill?.waits) || b.id - a.id);
  return askForm(
    {
      title: t.case.monthsTitle,
      text: t.case.monthsHelp,
      fields: [
        {
          name: "file",
          label: t.case.file,
          options: files.map(({ id, created_at, media }) => ({
            value: String(id),
            label: `${media?.file_name ?? t.types.image} · ${clockWithDay(created_at)}`,
          })),
        },
        { name: "pod", label: t.case.pod, required: true, pattern: POD, value: pods[0]?.pod ?? "" },
        { name: "from", label: t.case.fromMonth, type: "month", required: true, value: `${year}-01` },
        { name: "to", label: t.case.toMonth, type: "month", required: true, value: `${year}-01` },
      ],
    },
    ({ file, pod = "", from = "", to = "" }) => actOnCase({ action: "case_months", id: Number(file), pod, from, to }),
  );
}
