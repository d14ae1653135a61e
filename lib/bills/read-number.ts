/** A printed number. `exact` is false if it can be read in two ways, as `4.500` of kW can. */
export type Amount = { value: number; exact: boolean; length: number };

const PRINTED =
  /^(?:[+-] ?)?(?:\d{1,3}(?:\.\d{3})+(?:,\d{1,6})?|\d{1,3}(?: \d{3})+(?:,\d{1,6})?(?! ?\d)|\d+(?:[.,]\d{1,6})?)(?!\d|[.,:/-]\d)/;

/**
 * The number at the start of a text, as Italians print it: thousands by a point or a space, decimals by a comma.
 * A kW with three digits behind a comma is a decimal, `3,000`; a kWh with three digits behind a point is thousands.
 */
export function readNumber(text: string, of: "kwh" | "kw"): Amount | null {
  const [printed] = PRINTED.exec(text) ?? [];
  if (printed === undefined) return null;
  const digits = printed.replace(/[+ ]/g, "");
  const length = printed.length;
  const amount = (value: number, exact: boolean): Amount | null =>
    Number.isFinite(value) && digits.length <= 14 ? { value, exact, length } : null;
  const hasPoint = digits.includes(".");
  if (digits.includes(",")) {
    const value = Number(digits.replaceAll(".", "").replace(",", "."));
    // 1,980 kWh may be meant in the English way.
    return amount(value, of === "kw" || hasPoint || !/,\d{3}$/.test(digits) || /^-?0,/.test(digits));
  }
  if (!hasPoint) return amount(Number(digits), true);
  const isThousands = /^-?\d{1,3}(\.\d{3})+$/.test(digits);
  if (of === "kw" && /^-?\d+\.\d{3}$/.test(digits)) return amount(Number(digits), false);
  if (isThousands) return amount(Number(digits.replaceAll(".", "")), !/^-?0/.test(digits));
  return amount(Number(digits), of === "kw" && /\.\d{1,2}$/.test(digits));
}
