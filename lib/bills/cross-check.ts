import type { Cell } from "./cell.ts";
import { doubt, type Facts, factAt } from "./fact.ts";
import { findBands } from "./find-bands.ts";
import { daysBetween } from "./read-date.ts";

/** Issued so long after its period's end a bill is none of the usual ones. */
const LATEST_ISSUE_DAYS = 550;
/** Power may be exceeded for a while. */
const POWER_MARGIN = 1.3;
const HOURS = 24;
const MOST_KWH_WITHOUT_POWER = 500_000;

const textOf = (facts: Facts, column: "period_from" | "period_to" | "issued_on" | "replaces_from" | "replaces_to") =>
  facts.get(column)?.value as string | undefined;
const numberOf = (facts: Facts, column: "kwh" | "annual_kwh" | "power_kw") =>
  facts.get(column)?.value as number | undefined;

/** A power that can be read in two ways judges nothing. */
const surePower = (facts: Facts) => (facts.get("power_kw")?.sure ? numberOf(facts, "power_kw") : undefined);

/** Compares the facts of a supply with each other: what agrees becomes sure, what does not no longer is. */
export function crossCheck(facts: Facts, cells: readonly Cell[], correction: "credit" | "other" | null): void {
  checkDays(facts);
  checkReplaced(facts, correction !== null);
  // What a credit note names is taken back.
  if (correction === "credit") facts.delete("kwh");
  checkBands(facts, cells);
  checkRanges(facts);
}

function checkDays(facts: Facts): void {
  const [from, to, issued] = [textOf(facts, "period_from"), textOf(facts, "period_to"), textOf(facts, "issued_on")];
  if (!from || !to) return;
  if (!issued) return;
  const late = daysBetween(to, issued);
  if (late < 0 || late > LATEST_ISSUE_DAYS) doubt(facts, "period_from", "period_to", "issued_on", "kwh");
}

/** What is billed anew is not the consumption of the period. */
function checkReplaced(facts: Facts, isCorrection: boolean): void {
  const [from, to] = [textOf(facts, "replaces_from"), textOf(facts, "replaces_to")];
  const [begin, end] = [textOf(facts, "period_from"), textOf(facts, "period_to")];
  if (isCorrection) doubt(facts, "kwh", "period_from", "period_to");
  if (!from || !to) return;
  doubt(facts, "kwh", "measured");
  if (!begin || !end || (begin >= from && end <= to)) facts.delete("kwh");
}

function checkBands(facts: Facts, cells: readonly Cell[]): void {
  const total = facts.get("kwh");
  if (!total || typeof total.value !== "number" || total.value === 0) return;
  const found = findBands(cells, total.value);
  const [first] = found;
  if (!first) return;
  const values = (bands: typeof first) => [bands.f1, bands.f2, bands.f3].map(({ value }) => value).join();
  const agree = found.every((bands) => values(bands) === values(first));
  for (const [column, band] of [
    ["kwh_f1", first.f1],
    ["kwh_f2", first.f2],
    ["kwh_f3", first.f3],
  ] as const) {
    facts.set(column, {
      ...factAt(band.value, "sum of bands", band.quote, band.words, agree && total.sure),
      unit: "kWh",
    });
  }
}

function checkRanges(facts: Facts): void {
  const [kwh, annual, power] = [numberOf(facts, "kwh"), numberOf(facts, "annual_kwh"), surePower(facts)];
  const [from, to] = [textOf(facts, "period_from"), textOf(facts, "period_to")];
  const days = from && to ? daysBetween(from, to) + 1 : 62;
  if (kwh !== undefined) {
    const most = power === undefined ? MOST_KWH_WITHOUT_POWER : power * HOURS * days * POWER_MARGIN;
    if (kwh > most) doubt(facts, "kwh", "power_kw", "kwh_f1", "kwh_f2", "kwh_f3");
    // The consumption of two months is not that of a year, and not more.
    if (annual !== undefined && (kwh > annual * 1.02 || (kwh === annual && days < 300)))
      doubt(facts, "kwh", "annual_kwh", "kwh_f1", "kwh_f2", "kwh_f3");
  }
  if (annual !== undefined && power !== undefined && annual > power * 8760 * POWER_MARGIN)
    doubt(facts, "annual_kwh", "power_kw");
  const begin = facts.get("annual_from")?.value;
  const end = facts.get("annual_to")?.value;
  if (typeof begin === "string" && typeof end === "string") {
    const length = daysBetween(begin, end) + 1;
    // Less than a year is no year, more is two.
    if (length < 350 || length > 380) doubt(facts, "annual_kwh", "annual_from", "annual_to");
  }
}
