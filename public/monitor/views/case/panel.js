/** @import { Case, Thread } from "../../data/types.js" */
import { currentThread, on, store } from "../../data/store.js";
import { warningWords } from "../../lib/case-words.js";
import { h, icon, isDrawn, present } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { progress } from "../../lib/progress.js";
import { actOnCase } from "./act-on-case.js";
import { addPod, caseButtons } from "./case-buttons.js";
import { changePod } from "./change-pod.js";
import { caseGrid, caseLegend } from "./grid.js";
import { reminderLine } from "./reminders.js";

/** The open customer's case: in a line, and unfolded in full. @param {HTMLElement} root */
export function startCase(root) {
  const summary = h("summary", {});
  const body = h("div", { class: "case-body" });
  const details = h("details", { class: "case" }, summary, body);
  root.append(details);
  const draw = () => {
    const thread = currentThread();
    const theCase = thread?.status === "ready" ? thread.case : null;
    root.hidden = !theCase;
    if (!thread || !theCase) return;
    if (isDrawn(root, JSON.stringify([store.open, theCase, thread.reminders, details.open]))) return;
    summary.replaceChildren(...line(theCase));
    const focused = body.contains(document.activeElement) ? document.activeElement?.getAttribute("title") : null;
    body.replaceChildren(...(details.open ? content(thread, theCase) : []));
    if (focused) find(body, focused)?.focus();
  };
  details.addEventListener("toggle", draw);
  on(["open", "thread"], draw);
}

/** What had the focus is still there, though drawn anew. @param {HTMLElement} body @param {string} title */
const find = (body, title) =>
  [...body.querySelectorAll("button")].find((button) => button.getAttribute("title") === title);

/** @param {Case} theCase */
function line(theCase) {
  const { year, state, covered, of, warnings } = theCase;
  return present([
    icon("bill"),
    h("strong", {}, t.case.title(year)),
    h("span", { class: `case-state ${state}` }, progress(theCase)),
    of !== null && h("meter", { min: 0, max: Math.max(of, 1), value: covered, "aria-hidden": "true" }),
    state === "complete" && h("span", { class: "case-state complete" }, t.case.states.complete),
    warnings.length > 0 &&
      h("span", { class: "case-warned" }, icon("alert"), `${t.case.warningsTitle}: ${warnings.length}`),
  ]);
}

/** @param {Thread} thread @param {Case} theCase */
function content(thread, theCase) {
  const open = async (/** @type {number} */ messageId) => {
    const { openViewer } = await import("../viewer/open-viewer.js");
    await openViewer(messageId);
  };
  const { pods, warnings, declared } = theCase;
  return present([
    theCase.ask_other_supplies && others(thread.id),
    declared && h("p", {}, `${t.case.declared(declared.by)}: ${declared.reason}`),
    pods.length === 0
      ? h("p", { class: "case-empty" }, t.case.empty)
      : h(
          "div",
          { class: "case-scroll" },
          caseGrid(
            theCase,
            (id) => void open(id),
            (pod) => void changePod(thread.id, theCase, pod),
          ),
        ),
    pods.length > 0 && caseLegend(),
    warnings.length > 0 &&
      h(
        "ul",
        { class: "case-warnings", "aria-label": t.case.warningsTitle },
        ...warnings.map((warning) => h("li", {}, warningWords(warning))),
      ),
    caseButtons(thread, theCase),
    reminderLine(thread),
  ]);
}

/** Asked once. @param {number} conversation_id */
const others = (conversation_id) =>
  h(
    "p",
    { class: "case-others", role: "status" },
    t.case.others,
    h(
      "button",
      {
        type: "button",
        class: "button quiet",
        click: () => void actOnCase({ action: "done", conversation_id, todo: "other_supplies" }),
      },
      t.case.othersNo,
    ),
    h("button", { type: "button", class: "button quiet", click: () => void addPod(conversation_id) }, t.case.addPod),
  );
