type Headers = Record<string, string | string[] | undefined>;

/** A day and a little: no limit of Wasender's lasts longer, and a wrong header must not stop the queue for a year. */
const LONGEST_HOLD_MS = 25 * 3_600_000;

/**
 * How long Wasender wants no further message, in milliseconds from now; null if it does not say.
 *
 * `X-RateLimit-Remaining: 0` and `X-RateLimit-Daily-Remaining: 0` hold until their `Reset`, which is seconds remaining
 * or a Unix time; a 429 says `retry_after` (seconds) in its body, or `Retry-After` (Wasender's documentation).
 */
export function holdMs(headers: Headers, body: unknown, now: number): number | null {
  const holds = [
    remainingMs(headers, "x-ratelimit", now),
    remainingMs(headers, "x-ratelimit-daily", now),
    retryAfterMs(headers, body, now),
  ].filter((hold) => hold !== null);
  // Whole milliseconds: the database takes no others.
  return holds.length === 0 ? null : Math.ceil(Math.min(LONGEST_HOLD_MS, Math.max(0, ...holds)));
}

function remainingMs(headers: Headers, prefix: string, now: number): number | null {
  const remaining = first(headers[`${prefix}-remaining`]);
  if (remaining === null || !(Number(remaining) <= 0 && remaining.trim() !== "")) return null;
  return resetMs(first(headers[`${prefix}-reset`]), now);
}

function retryAfterMs(headers: Headers, body: unknown, now: number): number | null {
  const inBody = typeof body === "object" && body !== null && "retry_after" in body ? seconds(body.retry_after) : null;
  if (inBody !== null) return inBody * 1000;
  const header = first(headers["retry-after"]);
  if (header === null) return null;
  const inHeader = seconds(header);
  if (inHeader !== null) return inHeader * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : date - now;
}

function resetMs(reset: string | null, now: number): number | null {
  const value = seconds(reset);
  if (value === null) return null;
  if (value > 1e11) return value - now;
  return value > 1e9 ? value * 1000 - now : value * 1000;
}

/** A number, or a text that is one. */
const seconds = (value: unknown): number | null =>
  typeof value === "number" || (typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value)) ? Number(value) : null;

const first = (value: string | string[] | undefined): string | null =>
  (Array.isArray(value) ? value[0] : value) ?? null;
