import { locale, t } from "./i18n.js";
import { day, daysBetween, now } from "./time.js";

const timeZone = "Europe/Rome";
/** @param {Intl.DateTimeFormatOptions} options */
const format = (options) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
const hourFormat = format({ hour: "numeric", minute: "2-digit" });
const shortWeekday = format({ weekday: "short" });
const longWeekday = format({ weekday: "long" });
const shortDate = format({ day: "numeric", month: "short" });
const longDate = format({ weekday: "long", day: "numeric", month: "long" });

/** Of a time to come: “alle 9:00”, “lun 9:00”, “7 gen 9:00”. @param {string} time */
export function soon(time) {
  const at = new Date(time);
  const hour = hourFormat.format(at);
  if (day(time) === day(now())) return t.hours.at(hour);
  return `${(daysBetween(now(), time) < 7 ? shortWeekday : shortDate).format(at)} ${hour}`;
}

/** “oggi alle 9:00”, “lunedì alle 9:00”, “giovedì 7 gennaio alle 9:00”. @param {string | number} time */
export function soonInWords(time) {
  const at = new Date(time);
  const days = daysBetween(now(), time);
  const name =
    days <= 0 ? t.hours.today : days === 1 ? t.hours.tomorrow : (days < 7 ? longWeekday : longDate).format(at);
  return t.hours.dayAt(name, hourFormat.format(at));
}
