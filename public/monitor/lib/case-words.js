/** @import { Case, CaseWarning } from "../data/types.js" */
import { dayWords } from "./bill-words.js";
import { locale, t } from "./i18n.js";

const short = new Intl.DateTimeFormat(locale, { month: "short", timeZone: "UTC" });
const long = new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" });
const first = (/** @type {number} */ month) => new Date(Date.UTC(2025, month - 1, 1));

/** “gen”. @param {number} month 1 to 12 */
export const shortMonth = (month) => short.format(first(month));
/** “gennaio”. @param {number} month 1 to 12 */
export const longMonth = (month) => long.format(first(month));

/** “…5678”. @param {string} pod */
export const shortPod = (pod) => `…${pod.slice(-4)}`;

/** What a warning says. @param {CaseWarning} warning */
export function warningWords({ code, pod, from, to, holder }) {
  const days = from && to && (from === to ? dayWords(from) : `${dayWords(from)}–${dayWords(to)}`);
  const where = [holder && `«${holder}»`, pod && shortPod(pod), days].filter(Boolean).join(", ");
  return t.case.warnings[code]?.(where ? `: ${where}` : "") ?? code;
}

/** The last five calendar years that are over, and the case's own. @param {Case} of */
export function yearsOf({ year }) {
  const last = new Date().getFullYear() - 1;
  return [...new Set([last, last - 1, last - 2, last - 3, last - 4, year])].sort((a, b) => b - a);
}
