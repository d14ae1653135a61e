/** A day of the calendar; no time, and no clock change. */
export type Day = { year: number; month: number; day: number };

const DAY_MS = 86_400_000;
const toMs = ({ year, month, day }: Day) => Date.UTC(year, month - 1, day);
const toDay = (ms: number): Day => {
  const date = new Date(ms);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};

let rome: Intl.DateTimeFormat | undefined;

/** @param at ISO 8601 */
export function dayInRome(at: string): Day {
  rome ??= new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Rome" });
  const [year = 0, month = 1, day = 1] = rome.format(new Date(at)).split("-").map(Number);
  return { year, month, day };
}

export const inDays = (from: Day, days: number): Day => toDay(toMs(from) + days * DAY_MS);

/** The next such day after this one: a week later if it is the same. ISO: Monday is 1, Sunday 7. */
export function nextWeekday(from: Day, weekday: number): Day {
  const today = new Date(toMs(from)).getUTCDay() || 7;
  return inDays(from, ((weekday - today + 6 + 7) % 7) + 1);
}

export const endOfMonth = ({ year, month }: Day): Day => toDay(Date.UTC(year, month, 0));

/** The next day with this number, of this month if one is named, after `from`; null if there is none within a year or so. */
export function nextDayOfMonth(from: Day, day: number, month?: number): Day | null {
  for (let ahead = 0; ahead <= 12; ahead++) {
    const ms = Date.UTC(from.year, from.month - 1 + ahead, day);
    const found = toDay(ms);
    if (found.day === day && (month === undefined || found.month === month) && ms > toMs(from) - (month ? 1 : 0))
      return found;
  }
  return null;
}
