/** A text's words without case, accents, punctuation and emoji; "bastaaa" is "basta", and "l’ho" is "lho". */
export const plainWords = (text: string): string =>
  text
    .normalize("NFKD")
    .toLowerCase()
    // Also the apostrophe that stands for an accent: piu'.
    .replace(/[\p{M}'’`´]/gu, "")
    .replace(/(\p{L})\1{2,}/gu, "$1")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .replace(/\bnn\b/g, "non")
    .trim();
