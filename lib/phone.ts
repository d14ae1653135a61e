import { createRequire } from "node:module";

// Loaded when a number needs it: most are Italian mobiles, which do not, and loading it takes longer than the rest of a
// webhook. Not by import(), which would make every parser asynchronous.
const require = createRequire(import.meta.url);
const parse = (number: string) => {
  const { parsePhoneNumberFromString }: typeof import("libphonenumber-js/min") = require("libphonenumber-js/min");
  return parsePhoneNumberFromString(number, "IT");
};

const ITALIAN_MOBILE = /^(?:\+39)?(3\d{9})$/;

/** E.164 with `+`, or why there is none: nothing usable was given, or it was withheld or cannot be a number. */
export type Phone = { e164: string } | { e164: null; why: "missing" | "withheld" | "invalid" };

/** The numbers that the database accepts; for some countries libphonenumber accepts longer ones. */
const E164 = /^\+[1-9][0-9]{5,14}$/;

/**
 * Any spelling of a telephone number → E.164.
 *
 * Bare digits are ambiguous: CloudTalk writes international digits without `+` (393330000001), people write national
 * ones (333 000 0006). Up to ten digits are read as Italian first, more as international first; a leading 0 is Italian.
 *
 * A withheld caller has no documented value, so words, `0` and anything under six digits count as no number
 * (seen in public receivers).
 */
export function toPhone(value: unknown): Phone {
  if (value === null || value === undefined || value === "") return { e164: null, why: "missing" };
  if (typeof value !== "string" && typeof value !== "number") return { e164: null, why: "invalid" };
  const text = String(value)
    .normalize("NFKC")
    .trim()
    .replace(/^(tel|phone|cell|mobile|whatsapp|sips?)[:.\s]+/i, "")
    // An extension, the host of a SIP address, the decimals of a number.
    .replace(/([;,@#x]|ext).*$/is, "")
    .replace(/\.0$/, "");
  if (text === "") return { e164: null, why: "missing" };
  const digits = text.replace(/[^0-9]/g, "");
  if (digits.length < 6 || /^0+$/.test(digits)) return { e164: null, why: "withheld" };
  // Digits among letters are an id or a spreadsheet's 3.9333E+11, whose last digits are gone; a number has 15 at most.
  if (/\p{L}/u.test(text) || digits.length > 18) return { e164: null, why: "invalid" };

  const international = /^[^0-9]*\+/.test(text) ? digits : digits.startsWith("00") ? digits.slice(2) : null;
  const candidates =
    international !== null
      ? [`+${international}`]
      : digits.startsWith("0")
        ? [digits]
        : digits.length <= 10
          ? [digits, `+${digits}`]
          : [`+${digits}`, digits];
  for (const candidate of candidates) {
    const mobile = ITALIAN_MOBILE.exec(candidate)?.[1];
    if (mobile) return { e164: `+39${mobile}` };
    const number = parse(candidate);
    if (number?.isValid() && E164.test(number.number)) return { e164: number.number };
  }
  // The library does not know a pattern for every number that exists; a possible length is enough if there is a +.
  const possible = international === null ? undefined : parse(`+${international}`);
  return possible?.isPossible() && E164.test(possible.number)
    ? { e164: possible.number }
    : { e164: null, why: "invalid" };
}
