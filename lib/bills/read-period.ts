import { daysBetween, fullYear, MONTH_NAME, monthOf, readDate, toDay } from "./read-date.ts";

/** Two days as YYYY-MM-DD, both included, and how much of the text they take. */
export type Period = { from: string; to: string; length: number };

const LEAD =
  /^(?:(?:periodo|consumi|competenza)[: ]+)?(?:(?:(?:che )?va |compreso )?(?:dall?'?|da|tra(?: il)?)(?: giorno)?:? ?)?/;
const BETWEEN = /^ ?(?:all?'?|fino all?'?|a|e(?: il)?|-|\/|>|->|→)(?: giorno)?:? ?/;
const MOST_DAYS = 800;
const MONTH_AND_YEAR = new RegExp(`^(${MONTH_NAME})\\.?[ '.-]{0,2}(20\\d{2}|\\d{2})(?![\\d/.,])`);
const MONTHS_OF_YEAR = new RegExp(
  `^(${MONTH_NAME})\\.?(?: ?(?:-|/|a|e|al) ?)(${MONTH_NAME})\\.?[ '.-]{0,2}(20\\d{2}|\\d{2})(?![\\d/.,])`,
);
const NUMBER_AND_YEAR = /^(0[1-9]|1[0-2])[/.-](20\d{2})(?![\d/.,-]\d)/;
/** A first day whose month or year is that of the second: dal 1 al 31 maggio 2026, dal 01/05 al 31/05/2026. */
const SHORT_DAY = new RegExp(`^(\\d{1,2})°?(?:[/.](\\d{1,2})| (${MONTH_NAME}))?(?= ?(?:al|-))`);

/** The period at the start of a plain text, in days or in whole months; null if there is none. */
export function readPeriod(plain: string): Period | null {
  const lead = LEAD.exec(plain)?.[0].length ?? 0;
  const text = plain.slice(lead);
  const found = ofDays(text) ?? ofMonths(text);
  if (!found || found.from > found.to || daysBetween(found.from, found.to) > MOST_DAYS) return null;
  return { ...found, length: lead + found.length };
}

function ofDays(text: string): Period | null {
  const first = readDate(text);
  const short = first ? null : SHORT_DAY.exec(text);
  const length = first?.length ?? short?.[0].length;
  if (length === undefined) return null;
  const between = BETWEEN.exec(text.slice(length))?.[0].length;
  if (between === undefined) return null;
  const second = readDate(text.slice(length + between));
  if (!second) return null;
  const from = first?.day ?? completed(short, second.day);
  return from === null ? null : { from, to: second.day, length: length + between + second.length };
}

function completed(short: RegExpExecArray | null, to: string): string | null {
  const [year = 0, month = 0] = to.split("-").map(Number);
  const [, day, number, name] = short ?? [];
  const own = name === undefined ? Number(number ?? month) : monthOf(name);
  return toDay(own > month ? year - 1 : year, own, Number(day));
}

function ofMonths(text: string): Period | null {
  const two = MONTHS_OF_YEAR.exec(text);
  if (two) {
    const [printed, first = "", second = "", year = ""] = two;
    const [from, to] = [monthOf(first), monthOf(second)];
    return months(fullYear(year) - Number(from > to), from, fullYear(year), to, printed.length);
  }
  const first = readMonth(text);
  if (!first) return null;
  const between = BETWEEN.exec(text.slice(first.length))?.[0].length;
  const second = between === undefined ? null : readMonth(text.slice(first.length + between));
  if (!second || between === undefined) return months(first.year, first.month, first.year, first.month, first.length);
  return months(first.year, first.month, second.year, second.month, first.length + between + second.length);
}

/** A month with its year at the start of a plain text: gennaio 2025, gen 25, 01/2025. */
export function readMonth(plain: string): { year: number; month: number; length: number } | null {
  const named = MONTH_AND_YEAR.exec(plain);
  if (named) return { year: fullYear(named[2] ?? ""), month: monthOf(named[1] ?? ""), length: named[0].length };
  const numbered = NUMBER_AND_YEAR.exec(plain);
  return numbered && { year: Number(numbered[2]), month: Number(numbered[1]), length: numbered[0].length };
}

function months(fromYear: number, fromMonth: number, year: number, month: number, length: number): Period | null {
  const from = toDay(fromYear, fromMonth, 1);
  const to = toDay(year, month, new Date(Date.UTC(year, month, 0)).getUTCDate());
  return from === null || to === null ? null : { from, to, length };
}
