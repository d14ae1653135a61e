// CloudTalk's values come as JSON types on some accounts and as strings on others (seen in public receivers), and a
// placeholder that was not filled arrives as it was typed. Each of these takes anything and gives the value or null.

/** A placeholder that the workflow did not fill, and the spellings of nothing. */
const NOTHING = /^(\{\{.*\}\}|null|undefined|nan|none|n\/a|-|\[object object\])?$/is;
const INT_MAX = 2_147_483_647;

export function toText(value: unknown): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value) || (typeof value === "object" && value !== null)) return JSON.stringify(value);
  if (typeof value !== "string") return null;
  const text = value.trim();
  return NOTHING.test(text) ? null : text;
}

/** An id, as a string whatever it came as. Zeros and booleans are none: two calls must not share such a one. */
export function toId(value: unknown): string | null {
  const text = typeof value === "object" || typeof value === "boolean" ? null : toText(value);
  return text === null || text.length > 200 || /^([0-]+|-1|true|false)$/i.test(text) ? null : text;
}

/** A whole number from 0 that fits PostgreSQL's integer. */
export function toInteger(value: unknown): number | null {
  const text = toText(value);
  if (text === null || !/^\d+(\.\d+)?$/.test(text)) return null;
  const number = Math.round(Number(text));
  return number <= INT_MAX ? number : null;
}

export function toBoolean(value: unknown): boolean | null {
  const text = toText(value)?.toLowerCase() ?? "";
  if (/^(true|1|yes|y|s[iì]|vero|ok|on)$/.test(text)) return true;
  // Also "non inviare" and "no, grazie": a no is a no however it goes on.
  return /^(false|0|n|no|non|falso|off)(?![\p{L}\p{N}])/u.test(text) ? false : null;
}

const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** ISO 8601, `YYYY-MM-DD HH:MM:SS` (UTC), or Unix seconds or milliseconds → ISO 8601 in UTC. */
export function toTime(value: unknown): string | null {
  const text = toText(value);
  if (text === null) return null;
  let at: Date;
  if (/^\d{10}(\.\d+)?$/.test(text)) at = new Date(Number(text) * 1000);
  else if (/^\d{13}$/.test(text)) at = new Date(Number(text));
  else {
    const [, date, clock = "00:00", zone = "Z"] = DATE_TIME.exec(text) ?? [];
    if (date === undefined) return null;
    const offset = /^[+-]/.test(zone) ? zone.replace(":", "").padEnd(5, "0").replace(/..$/, ":$&") : "Z";
    at = new Date(`${date}T${clock.replace(",", ".")}${offset}`);
  }
  const year = at.getUTCFullYear();
  return year >= 2000 && year < 2100 ? at.toISOString() : null;
}
