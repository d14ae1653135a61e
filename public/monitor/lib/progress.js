/** @import { CaseSummary } from "../data/types.js" */
import { t } from "./i18n.js";

/** How far a case is: “8 di 12 mesi”. @param {CaseSummary} summary */
export function progress({ state, covered, of }) {
  if (state === "declared") return t.case.states.declared;
  if (of !== null) return t.case.months(covered, of);
  return covered > 0 ? t.case.files(covered) : t.case.states.none;
}
