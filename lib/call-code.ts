const BILLS = "bollett[ae]";
const END = "(?![0-9a-z])";

/** By how sure they are. The code follows at once, in one piece or in several; or somewhere behind, in one piece. */
const CODES = [
  new RegExp(`${BILLS}[^0-9a-z]*(?=[a-z]{0,7}\\d)([0-9a-z]{8})${END}`),
  new RegExp(`${BILLS}[^0-9a-z]*((?:[0-9a-z][^0-9a-z]{0,2}){7}[0-9a-z])${END}`),
  new RegExp(`${BILLS}\\b.*?\\b(?=[a-z]{0,7}\\d)([0-9a-z]{8})${END}`, "s"),
  // Without a digit it may be a word: then no call has it.
  new RegExp(`${BILLS}[^0-9a-z]*([a-z]{8})${END}`),
];

/**
 * The code of a call in a customer's first message, "Bollette 1a2b3c4d", in lower case; null if there is none. It is the
 * first eight letters or digits of the call's id (private.call_code).
 */
export function callCodeIn(text: string | null): string | null {
  const plain = text?.slice(0, 1_000).normalize("NFKC").toLowerCase() ?? "";
  for (const [place, pattern] of CODES.entries()) {
    const code = pattern.exec(plain)?.[1]?.replace(/[^0-9a-z]/g, "");
    if (code && (place === CODES.length - 1 || /\d/.test(code))) return code;
  }
  return null;
}

/** With it a customer writes to us first, and we know about which call; null without our number or a code. */
export const linkTo = (ourNumber: string | null, code: string | null): string | null =>
  ourNumber === null || code === null ? null : `https://wa.me/${ourNumber.slice(1)}?text=Bollette%20${code}`;
