import { readDate } from "./read-date.ts";
import { readNumber } from "./read-number.ts";
import { type Period, readPeriod } from "./read-period.ts";
import type { Found, Region } from "./region.ts";

/** What a farm can use in a year at most, in kWh, with room above it; and what it can have connected, in kW. */
const MOST_KWH = 5_000_000;
const POWER_KW = { least: 0.3, most: 10_000 };

const FILLER = {
  kwh: /^(?:[\s:=*.–-]+|\(?(?:in )?kwh\)?(?![a-z/])|(?:in bolletta|(?:nel|del) periodo|(?:di )?energia (?:elettrica|attiva)|totale|pari a|e(?: stato| di)?|fatturato)(?![a-z]))/,
  kw: /^(?:[\s:=*.–-]+|\(?(?:in )?kw\)?(?![a-z/])|pari a(?![a-z]))/,
};
/** Behind a number: what makes it a price, a volume, a power or a part of something. */
const ANOTHER_UNIT =
  /^ ?(?:€|euro|eur\b|%|smc|mc\b|m3|kvarh|kva|v\b|volt|gg\b|giorni|mesi|anni|c€|cent|\/|x\b|°|persone)/;

/** The kWh of the period; a period printed before the number, `dal … al …`, is read over. */
export const readKwh = (region: Region): Found | null => readQuantity(region, "kwh", false);
/** The kWh of twelve months, with the days that are printed with them. */
export const readAnnual = (region: Region): Found | null => readQuantity(region, "kwh", true);
/** The power agreed upon, in kW. */
export const readPower = (region: Region): Found | null => readQuantity(region, "kw", false);

function readQuantity(region: Region, of: "kwh" | "kw", isAnnual: boolean): Found | null {
  const { plain } = region;
  let at = 0;
  let unit = region.unit === of;
  let period: Period | null = isAnnual ? (readDaysBefore(region.lead)?.period ?? null) : null;
  for (let more = true; more; ) {
    const filler = FILLER[of].exec(plain.slice(at))?.[0] ?? "";
    unit ||= of === "kwh" ? filler.includes("kwh") : filler.includes("kw");
    const days = of === "kwh" && filler === "" ? readDaysBefore(plain.slice(at)) : null;
    period ??= days?.period ?? null;
    const length = filler.length + (days?.length ?? 0);
    at += length;
    more = length > 0;
  }
  const number = readNumber(plain.slice(at), of);
  if (!number) return null;
  let end = at + number.length;
  const behind = plain.slice(end);
  if (ANOTHER_UNIT.test(behind)) return null;
  const printed = (of === "kwh" ? /^ ?kwh(?![a-z/])/ : /^ ?kw(?![a-z/])/).exec(behind)?.[0] ?? "";
  if (printed === "" && /^ ?(?:kw|mwh|gwh|wh|[a-z])/.test(behind)) return null;
  end += printed.length;
  unit ||= printed !== "";
  const { value } = number;
  if (of === "kwh" ? value < 0 || value > MOST_KWH : value < POWER_KW.least || value > POWER_KW.most) return null;
  if (isAnnual) period ??= readDaysBefore(plain.slice(end))?.period ?? null;
  // Another number behind it: which of them is meant, only the table's head would tell.
  const alone = !/\d\s*(?:kwh?\b|$)/.test(plain.slice(end).replace(/\([^)]*\)/g, "")) || period !== null;
  const days = isAnnual && period ? { annual_from: period.from, annual_to: period.to } : {};
  const column = isAnnual ? "annual_kwh" : of === "kwh" ? "kwh" : "power_kw";
  const exact = number.exact && unit && alone;
  return { values: { [column]: value, ...days }, unit: of === "kwh" ? "kWh" : "kW", start: at, end, more: [], exact };
}

/** Days in parentheses or words before a number: (dal 01/06/2025 al 31/05/2026), aggiornato al 31/05/2026. */
export function readDaysBefore(plain: string): { period: Period | null; length: number } | null {
  const lead =
    /^[ ([]*(?:nel periodo |periodo )?(?:aggiornato )?(?=\d|dal|al|gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic)/.exec(
      plain,
    )?.[0].length;
  if (lead === undefined) return null;
  const period = readPeriod(plain.slice(lead));
  const to = /^(?:al )/.exec(plain.slice(lead))?.[0].length ?? 0;
  const day = period || to === 0 ? null : readDate(plain.slice(lead + to));
  const length = period?.length ?? (day ? to + day.length : 0);
  if (length === 0) return null;
  const close = /^[ )\]:]*/.exec(plain.slice(lead + length))?.[0].length ?? 0;
  return { period, length: lead + length + close };
}
