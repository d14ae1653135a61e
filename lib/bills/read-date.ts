const MONTHS = [
  "gennaio",
  "febbraio",
  "marzo",
  "aprile",
  "maggio",
  "giugno",
  "luglio",
  "agosto",
  "settembre",
  "ottobre",
  "novembre",
  "dicembre",
];
/** `sett` beside `set` and `settembre`. */
export const MONTH_NAME = `(?:${MONTHS.map((name) => `${name.slice(0, 3)}(?:t\\b)?(?:${name.slice(3)})?`).join("|")})`;
const SEPARATOR = "(?: ?[/.-] ?)";
const YEAR = "(?:(?:20)\\d{2}|\\d{2})";
const DAY = `(?:0?[1-9]|[12]\\d|3[01])(?:°)?`;
/** One pattern for a day; the groups are the day, the month's number or name, and the year. */
const DATE = `(${DAY})(?:${SEPARATOR}(0?[1-9]|1[0-2])${SEPARATOR}(${YEAR})|[ .-]?(${MONTH_NAME})\\.?[ ,.-]?(${YEAR}))(?![\\d])`;
const START = new RegExp(`^${DATE}`);

/** A day as YYYY-MM-DD, and how much of the text it takes. */
export type PrintedDay = { day: string; length: number };

/** The date at the start of a plain text: 18/05/2026, 18.5.26, 18 maggio 2026. */
export function readDate(plain: string): PrintedDay | null {
  const match = START.exec(plain);
  if (!match) return null;
  const [printed, day = "", number, year, name, yearOfName] = match;
  const month = name === undefined ? Number(number) : monthOf(name);
  const date = toDay(fullYear(year ?? yearOfName ?? ""), month, Number.parseInt(day, 10));
  return date === null ? null : { day: date, length: printed.length };
}

/** 1 to 12. */
export function monthOf(name: string): number {
  return MONTHS.findIndex((one) => one.startsWith(name.slice(0, 3))) + 1;
}

export function fullYear(printed: string): number {
  return printed.length === 2 ? 2000 + Number(printed) : Number(printed);
}

/** YYYY-MM-DD, or null if there is no such day, or none that a bill can have. */
export function toDay(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists && year >= 2005 && year <= 2060 ? date.toISOString().slice(0, 10) : null;
}

/** Days from one day to another, both YYYY-MM-DD; negative if it is the earlier one. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}
