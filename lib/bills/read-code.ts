import { findPods } from "./find-pods.ts";
import { readDate } from "./read-date.ts";
import type { Found, Region } from "./region.ts";
import { isTaxId } from "./tax-id.ts";

const FILLER = /^[\s:=.*#(–-]*(?:(?:n\.?|n[°o]\.?|nr\.?|numero)(?=[\s:]*[a-z]{0,4}\d))?[\s:=.*#(–-]*/;
const TOKEN = /^[A-Z0-9][A-Z0-9/._-]{2,28}/i;

/** An invoice's number, and the day behind it: 2026/123456 del 10/06/2026. */
export function readInvoice({ text, plain, isPhoto }: Region): Found | null {
  const start = FILLER.exec(plain)?.[0].length ?? 0;
  const token = TOKEN.exec(text.slice(start))?.[0].replace(/[/._-]+$/, "") ?? "";
  if ((token.match(/\d/g)?.length ?? 0) < 4 || readDate(token.toLowerCase())?.length === token.length) return null;
  if (findPods(token, false).length > 0) return null;
  let end = start + token.length;
  const behind = plain.slice(end);
  const date = /^[ ,]*(?:del|emess[ao] (?:il|in data)|-)[: ]*/.exec(behind);
  const day = date ? readDate(behind.slice(date[0].length)) : null;
  if (date && day) end += date[0].length + day.length;
  // A number that goes on behind a space is not read whole.
  const isWhole = day !== null || !/^ ?[/-]? ?[a-z]{0,2}\d/.test(behind);
  // In a photo O may be 0 and I may be 1, and only in a number of figures nobody has to choose.
  const exact = isWhole && !(isPhoto && /[a-z]/i.test(token));
  const values = { invoice_number: token, ...(day ? { issued_on: day.day } : {}) };
  return { values, unit: null, start, end, more: [], exact };
}

/** A tax code or VAT number whose check character is right. */
export function readHolderId({ text }: Region): Found | null {
  const match = /^[\s:=./–-]*(?:IT ?)?((?:[A-Z0-9] ?){16}|\d{11})(?![A-Z0-9])/i.exec(text);
  const id = match?.[1]?.replaceAll(" ", "").toUpperCase() ?? "";
  if (!match || !isTaxId(id)) return null;
  return { values: { holder_id: id }, unit: null, start: 0, end: match[0].length, more: [], exact: true };
}
