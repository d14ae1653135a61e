import { locale, t } from "./i18n.js";

const timeZone = "Europe/Rome";
/** @param {Intl.DateTimeFormatOptions} options */
const format = (options) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
const clockFormat = format({ hour: "2-digit", minute: "2-digit" });
const weekdayFormat = format({ weekday: "long", day: "numeric", month: "long" });
const yearFormat = format({ day: "numeric", month: "long", year: "numeric" });
const shortFormat = format({ day: "numeric", month: "short" });
const shortYearFormat = format({ day: "2-digit", month: "2-digit", year: "2-digit" });
const fullFormat = format({ dateStyle: "full", timeStyle: "short" });
/** A day as one comparable text. */
const dayFormat = new Intl.DateTimeFormat("en-CA", { timeZone });
const relativeFormat = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
/** In Italian people do not read the short form of days (“6 gg fa”). */
const relativeDays = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

let offsetMs = 0;

/** The server's clock, so that a countdown is right even if this computer's clock is not. @param {string} serverTime */
export function setServerTime(serverTime) {
  const parsed = Date.parse(serverTime);
  if (!Number.isNaN(parsed)) offsetMs = parsed - Date.now();
}

/** Unix time in milliseconds, by the server's clock. */
export const now = () => Date.now() + offsetMs;

/** @param {string | number} time */
export const clock = (time) => clockFormat.format(new Date(time));
/** @param {string | number} time */
export const full = (time) => fullFormat.format(new Date(time));
/** @param {string | number} time */
export const day = (time) => dayFormat.format(new Date(time));

/** Whole days between two times on Rome's calendar. @param {string | number} from @param {string | number} to */
export const daysBetween = (from, to) => Math.round((Date.parse(day(to)) - Date.parse(day(from))) / DAY_MS);

/** “oggi”, “ieri”, “lunedì 16 novembre”. @param {string | number} time */
export function dayName(time) {
  const days = daysBetween(time, now());
  if (days === 0) return t.time.today;
  if (days === 1) return t.time.yesterday;
  const sameYear = day(time).slice(0, 4) === day(now()).slice(0, 4);
  return (sameYear ? weekdayFormat : yearFormat).format(new Date(time));
}

/** “adesso”, “12 min fa”, “ieri”, “12 nov”. @param {string} time */
export function relative(time) {
  const ago = now() - Date.parse(time);
  if (ago < MINUTE_MS) return t.time.now;
  if (ago < HOUR_MS) return relativeFormat.format(-Math.floor(ago / MINUTE_MS), "minute");
  const days = daysBetween(time, now());
  if (days === 0) return relativeFormat.format(-Math.floor(ago / HOUR_MS), "hour");
  if (days < 7) return relativeDays.format(-days, "day");
  return (ago < 300 * DAY_MS ? shortFormat : shortYearFormat).format(new Date(time));
}

/** “14:05”, with its day if that is not today. @param {string | number} time */
export function clockWithDay(time) {
  const days = daysBetween(time, now());
  if (days === 0) return clock(time);
  return `${days === 1 ? t.time.yesterday : shortFormat.format(new Date(time))}, ${clock(time)}`;
}

/** “0:42”, “1:02:05”. @param {number} ms */
export function countdown(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const pad = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${pad(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}

/** “4 min 12 s”. @param {number} seconds */
export function duration(seconds) {
  if (seconds < 60) return `${seconds} s`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** “20 s”, “3 min”, “2 h”. @param {number} ms */
export function age(ms) {
  if (ms < MINUTE_MS) return `${Math.max(1, Math.round(ms / 1000))} s`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return `${Math.round(ms / HOUR_MS)} h`;
}
