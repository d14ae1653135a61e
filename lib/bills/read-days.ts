import { daysBetween, readDate } from "./read-date.ts";
import { readPeriod } from "./read-period.ts";
import type { Found, Region } from "./region.ts";

const FILLER = /^[\s:=.*(–-]*(?:(?:il|in data|giorno)(?![a-z]))?[\s:=.*(–-]*/;
const MOST_DAYS_OF_A_BILL = 400;

/** The period of a bill; its second day may stand on the next line. */
export const readPeriodOfBill = (region: Region): Found | null =>
  readTwoDays(region, (from, to) => ({ period_from: from, period_to: to }));

/** The period that a bill computes anew. */
export const readReplaced = (region: Region): Found | null =>
  readTwoDays(region, (from, to) => ({ replaces_from: from, replaces_to: to }));

function readTwoDays(region: Region, toValues: (from: string, to: string) => Found["values"]): Found | null {
  const start = FILLER.exec(region.plain)?.[0].length ?? 0;
  const plain = region.plain.slice(start);
  const whole = readPeriod(plain);
  if (whole) {
    // A longer one is a contract's.
    const next = region.next(region.cell);
    const exact =
      // One of several rows is not the whole.
      !(next && readPeriod(next.plain.replace(FILLER, ""))) &&
      daysBetween(whole.from, whole.to) < MOST_DAYS_OF_A_BILL &&
      !/^ ?(?:-|al) ?\d/.test(plain.slice(whole.length));
    return { values: toValues(whole.from, whole.to), unit: null, start, end: start + whole.length, more: [], exact };
  }
  const isBegun = /^(?:dal?|dall'?) /.test(plain) && plain.length < 40;
  const next = isBegun ? region.next(region.cell) : null;
  if (!next || !/^(?:all?'?|a) ?\d/.test(next.plain)) return null;
  const wrapped = readPeriod(`${plain.trimEnd()} ${next.plain}`);
  if (!wrapped || wrapped.length <= plain.trimEnd().length) return null;
  return {
    values: toValues(wrapped.from, wrapped.to),
    unit: null,
    start,
    end: region.plain.length,
    more: [next.cell],
    exact: true,
  };
}

/** The day of issue. */
export function readIssued({ plain }: Region): Found | null {
  const start = FILLER.exec(plain)?.[0].length ?? 0;
  const date = readDate(plain.slice(start));
  if (!date) return null;
  const end = start + date.length;
  // Two days are a period.
  if (/^ ?(?:-|al|e) ?\d/.test(plain.slice(end))) return null;
  return { values: { issued_on: date.day }, unit: null, start, end, more: [], exact: true };
}
