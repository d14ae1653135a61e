// CloudTalk's values come as JSON types on some accounts and as strings on others (facts-cloudtalk), and a placeholder
// that was not filled arrives as it was typed. Each of these takes anything and gives the value or null.

/** A placeholder that the workflow did not fill, and the spellings of nothing. */
const NOTHING = /^(\{\{.*\}\}|null|undefined|none|n\/a|-)?$/i;
const INT_MAX = 2_147_483_647;

export function toText(value: unknown): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value) || (typeof value === "object" && value !== null)) return JSON.stringify(value);
  if (typeof value !== "string") return null;
  const text = value.trim();
  return NOTHING.test(text) ? null : text;
}

/** An id, as a string whatever it came as; `0` is no id. */
export function toId(value: unknown): string | null {
  const text = typeof value === "object" ? null : toText(value);
  return text === null || text === "0" || text.length > 200 ? null : text;
}

/** A whole number from 0 that fits PostgreSQL's integer. */
export function toInteger(value: unknown): number | null {
  const text = toText(value);
  if (text === null) return null;
  const number = Math.round(Number(text));
  return Number.isFinite(number) && number >= 0 && number <= INT_MAX ? number : null;
}

export function toBoolean(value: unknown): boolean | null {
  switch (toText(value)?.toLowerCase()) {
    case "true":
    case "1":
    case "yes":
    case "y":
    case "si":
    case "sì":
    case "on":
      return true;
    case "false":
    case "0":
    case "no":
    case "n":
    case "off":
      return false;
    default:
      return null;
  }
}

/** ISO 8601, `YYYY-MM-DD HH:MM:SS` (UTC), or Unix seconds or milliseconds → ISO 8601 in UTC. */
export function toTime(value: unknown): string | null {
  const text = toText(value);
  if (text === null) return null;
  let at: Date;
  if (/^\d{10}(\.\d+)?$/.test(text)) at = new Date(Number(text) * 1000);
  else if (/^\d{13}$/.test(text)) at = new Date(Number(text));
  else if (/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/.test(text)) {
    at = new Date(text.length === 10 ? text : `${text.replace(" ", "T")}Z`);
  } else if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) at = new Date(text.replace(" ", "T"));
  else return null;
  const year = at.getUTCFullYear();
  return year >= 2000 && year < 2100 ? at.toISOString() : null;
}
