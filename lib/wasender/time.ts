import { z } from "zod/v3";

const Long = z.object({ low: z.number().int(), high: z.number().int() });

/**
 * A message's time: a number, a string, or a 64-bit `{ low, high }`; seconds or milliseconds (all were seen).
 *
 * @returns ISO 8601 in UTC, or null if it is no time from 2009 (WhatsApp's first year) to 2099.
 */
export function toMessageTime(value: unknown): string | null {
  const long = Long.safeParse(value);
  const number = long.success
    ? long.data.high * 2 ** 32 + (long.data.low >>> 0)
    : typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value))
      ? Number(value)
      : Number.NaN;
  const at = new Date(number > 1e11 ? number : number * 1000);
  const year = at.getUTCFullYear();
  return year >= 2009 && year < 2100 ? at.toISOString() : null;
}
