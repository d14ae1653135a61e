// When Rome's clock stands within the hours, found minute by minute: shares nothing with the database's way.
import type { Terms } from "../../lib/terms.ts";

export type Hours = Pick<Terms, "hours" | "closed">;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const rome = new Intl.DateTimeFormat("en-CA", {
  timeZone: "Europe/Rome",
  hourCycle: "h23",
  ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit" },
});
const read = new Map<number, { date: string; hour: number }>();

/** What calendar and clock show in Rome during an hour of UTC; the two never differ by part of an hour. */
function wallClock(hour: number): { date: string; hour: number } {
  const known = read.get(hour);
  if (known) return known;
  const parts = Object.fromEntries(rome.formatToParts(hour * HOUR).map(({ type, value }) => [type, value]));
  const shown = { date: `${parts.year}-${parts.month}-${parts.day}`, hour: Number(parts.hour) };
  read.set(hour, shown);
  return shown;
}

const dayAfter = (date: string, days: number) => new Date(Date.parse(date) + days * DAY).toJSON().slice(0, 10);

/** Easter Sunday, by the anonymous algorithm of 1876. */
export function easterOf(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 19 * l) / 433);
  const month = Math.floor((h + l - 7 * m + 90) / 25);
  return `${year}-0${month}-${String((h + l - 7 * m + 33 * month + 19) % 32).padStart(2, "0")}`;
}

const FIXED = "01-01 01-06 04-25 05-01 06-02 08-15 11-01 12-08 12-25 12-26".split(" ");

export function isHoliday(date: string): boolean {
  const easter = easterOf(Number(date.slice(0, 4)));
  return (
    FIXED.includes(date.slice(5)) ||
    (date.endsWith("-10-04") && date >= "2026") ||
    date === easter ||
    date === dayAfter(easter, 1)
  );
}

function rangesOf(date: string, { hours, closed }: Hours): readonly { from: number; to: number }[] {
  if (hours === null) return [{ from: 0, to: 1440 }];
  const of = (day: number) => hours.filter((range) => range.day === day);
  const own = of(new Date(date).getUTCDay() || 7);
  if (own.length === 0 || isHoliday(date) || closed.includes(date)) return [];
  return isHoliday(dayAfter(date, 1)) && of(6).length > 0 ? of(6) : own;
}

/** Whether each minute of an hour of UTC is open. */
function openMinutes(hour: number, terms: Hours): boolean[] {
  const wall = wallClock(hour);
  const ranges = rangesOf(wall.date, terms);
  return Array.from({ length: 60 }, (_, minute) =>
    ranges.some(({ from, to }) => wall.hour * 60 + minute >= from && wall.hour * 60 + minute < to),
  );
}

/** The time itself if it is within the hours, else the first minute after it that is. Both in milliseconds. */
export function nextOpen(at: number, terms: Hours): number | null {
  const isOpen = (time: number) => openMinutes(Math.floor(time / HOUR), terms)[Math.floor(time / MINUTE) % 60];
  if (isOpen(at)) return at;
  const first = Math.ceil(at / MINUTE);
  for (let hour = Math.floor(first / 60); hour < first / 60 + 400 * 24; hour++) {
    const minute = openMinutes(hour, terms).findIndex((open, n) => open && hour * 60 + n >= first);
    if (minute !== -1) return hour * HOUR + minute * MINUTE;
  }
  return null;
}

/** The minutes of a day in Rome that are open, in milliseconds. */
export function openMinutesOf(date: string, terms: Hours): number[] {
  const midnight = Math.floor(Date.parse(date) / HOUR);
  return Array.from({ length: 28 }, (_, n) => midnight - 2 + n)
    .filter((hour) => wallClock(hour).date === date)
    .flatMap((hour) => openMinutes(hour, terms).flatMap((open, n) => (open ? [hour * HOUR + n * MINUTE] : [])));
}
