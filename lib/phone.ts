import { parsePhoneNumberFromString } from "libphonenumber-js/min";

/** E.164 with `+`, or why there is none: nothing usable was given, or it was withheld or cannot be a number. */
export type Phone = { e164: string } | { e164: null; why: "missing" | "withheld" | "invalid" };

/**
 * Any spelling of a telephone number → E.164.
 *
 * Bare digits are ambiguous: CloudTalk writes international digits without `+` (393330000001), people write national
 * ones (333 000 0006). Up to ten digits are read as Italian first, more as international first; a leading 0 is Italian.
 *
 * A withheld caller has no documented value, so words, `0` and anything under six digits count as no number
 * (facts-cloudtalk).
 */
export function toPhone(value: unknown): Phone {
  if (value === null || value === undefined || value === "") return { e164: null, why: "missing" };
  if (typeof value !== "string" && typeof value !== "number") return { e164: null, why: "invalid" };
  const text = String(value)
    .trim()
    .replace(/^(tel|whatsapp|sip):/i, "")
    .replace(/\.0$/, "");
  if (text === "") return { e164: null, why: "missing" };
  // 3.9333E+11 is what a spreadsheet leaves of a number: its last digits are gone.
  if (/^\d+(\.\d+)?e\+?\d+$/i.test(text)) return { e164: null, why: "invalid" };
  const digits = text.replace(/[^0-9]/g, "");
  if (digits.length < 6 || /^0+$/.test(digits)) return { e164: null, why: "withheld" };

  const international = text.startsWith("+") ? text : text.startsWith("00") ? `+${text.slice(2)}` : null;
  const candidates =
    international !== null
      ? [international]
      : digits.startsWith("0")
        ? [text]
        : digits.length <= 10
          ? [text, `+${digits}`]
          : [`+${digits}`, text];
  for (const candidate of candidates) {
    const number = parsePhoneNumberFromString(candidate, "IT");
    if (number?.isValid()) return { e164: number.number };
  }
  // A valid pattern is not known for every number that exists; a possible length is enough where a + leaves no doubt.
  const possible = international === null ? undefined : parsePhoneNumberFromString(international, "IT");
  return possible?.isPossible() ? { e164: possible.number } : { e164: null, why: "invalid" };
}

/** A number as logs show it: the country and the last two digits. */
export function maskPhone(e164: string | null): string | null {
  return e164 === null ? null : `${e164.slice(0, 3)}…${e164.slice(-2)}`;
}
