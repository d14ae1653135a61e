/** What is nested deeper is cut off: no service nests like that, and PostgreSQL's jsonb has a limit of its own. */
const MAX_DEPTH = 64;

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Text that PostgreSQL can store: NUL and lone surrogates are replaced by U+FFFD. */
export const storable = (text: string) => text.toWellFormed().replaceAll("\u0000", "\uFFFD");

/** A JSON object or list that PostgreSQL can store, or null if the text is neither. */
export function parseJson(text: string): Json[] | { [key: string]: Json } | null {
  try {
    let value = parseExact(text);
    // A whole document as a JSON string: a template that quoted once too often.
    if (typeof value === "string" && /^\s*[{[]/.test(value)) value = parseExact(value);
    const cleaned = toStorable(value);
    return typeof cleaned === "object" ? cleaned : null;
  } catch {
    return null;
  }
}

/** JSON.parse, but a whole number beyond 2^53 becomes its digits: rounded, two ids would be one. */
function parseExact(text: string): unknown {
  // A reviver is slow and overflows on deep nesting, so it is used only if there may be such a number.
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value, context?: { source?: string }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
      ? context?.source
      : value,
  );
}

/** A copy that PostgreSQL can store. Own keys only, so `__proto__` is a key like any other. */
export function toStorable(value: unknown, depth = 0): Json {
  if (typeof value === "string") return storable(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object" || value === null) return typeof value === "boolean" ? value : null;
  if (depth >= MAX_DEPTH) return "[nested too deeply]";
  if (Array.isArray(value)) return value.map((item) => toStorable(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storable(key), toStorable(item, depth + 1)]));
}
