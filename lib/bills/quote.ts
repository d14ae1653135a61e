const LONGEST = 80;
const IBAN = /\b[A-Z]{2} ?\d{2}(?: ?[A-Z0-9]){11,30}\b/gi;
/** Also with digits that a photo turned into letters. */
const TAX_CODE = /\b[A-Z0-9]{3} ?[A-Z0-9]{3} ?[A-Z0-9]{2} ?[A-Z] ?[A-Z0-9]{2} ?[A-Z] ?[A-Z0-9]{3} ?[A-Z]\b/gi;
const POD = /IT[ .-]?\d{3}[ .-]?E[ .-]?(?:\d[ .-]?){8}\d?/gi;
/** Eleven digits are a VAT number; longer ones a card, an account, a customer; numbers with a + a telephone. */
const LONG_NUMBER = /(?<![\d.,])(?:\+?\d[ ]?){9,}\d(?![\d.,])/g;
const EMAIL = /\S+@\S+/g;

/** What is kept of a printed text as evidence: at most 80 characters, without what only its owner may give away. */
export function toQuote(printed: string, keep: readonly string[]): string {
  const kept = [...keep, ...(printed.match(POD) ?? [])].filter((text) => text !== "");
  // What is the value itself stays; everything else of such a shape goes.
  const pieces = kept.length === 0 ? [printed] : splitAround(printed, kept);
  const text = pieces
    .map((piece) => (kept.includes(piece) ? piece : masked(piece)))
    .join("")
    .replace(/\s+/g, " ")
    .trim();
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

function masked(text: string): string {
  return [EMAIL, IBAN, TAX_CODE, LONG_NUMBER].reduce((rest, pattern) => rest.replace(pattern, "•••"), text);
}

function splitAround(text: string, kept: readonly string[]): string[] {
  const escaped = kept.map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return text.split(new RegExp(`(${escaped.join("|")})`));
}
