/** What a log line may hold. Telephone numbers are masked; what customers wrote, and secrets, never get here. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** One structured line. Vercel shows the level by the console method. */
export function log(level: "info" | "warn" | "error", event: string, fields: LogFields = {}): void {
  const masked = Object.entries(fields).map(([key, value]) => [key, typeof value === "string" ? mask(value) : value]);
  console[level](JSON.stringify({ level, event, ...Object.fromEntries(masked) }));
}

/** Digits that are not a telephone number: a UUID, and a date (with its time) in ISO 8601. */
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/;
const DATE =
  /\b(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d-])/;
/** Eight digits or more, with any separators. */
const NUMBER = /\+?\d(?:[\s./()‐-―-]{0,3}\d){7,}/;
const KEPT_OR_NUMBER = new RegExp(`(${UUID.source}|${DATE.source})|${NUMBER.source}`, "gi");

/** An error's words may quote a number. */
const mask = (text: string) =>
  text.replace(KEPT_OR_NUMBER, (found, kept?: string) => {
    if (kept !== undefined) return kept;
    return maskPhone(found.replace(/[^+\d]/g, ""));
  });

/** A number as logs show it: the country and the last two digits. */
export const maskPhone = (number: string): string => `${number.slice(0, 3)}…${number.slice(-2)}`;
