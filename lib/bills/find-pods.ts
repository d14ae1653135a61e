/** A POD in a text: 14 characters, and where it stands there. */
export type PrintedPod = { pod: string; start: number; end: number };

// IT, the distributor, E, eight digits and perhaps a check digit, with spaces, points or dashes between them, and words
// glued to it. An IBAN has two digits behind its IT, so it has no such shape.
const PRINTED = /[Ii][Tt][ .-]?(\d{3})[ .-]?[Ee][ .-]?((?:\d[ .-]?){7}\d)\d?(?!\d)/g;
const READ_IN_PHOTO =
  /(?<![A-Za-z0-9])[I1l|]T[ .-]?([\dOoIl|]{3})[ .-]?[E€][ .-]?((?:[\dOoIl|][ .-]?){7}[\dOoIl|])[\dOoIl|]?(?![\dA-Za-z])/g;

/** All PODs of a text. In one read from a photo O is 0, and I and l are 1, within a POD's shape. */
export function findPods(text: string, isPhoto: boolean): PrintedPod[] {
  const digits = (part = "") => part.replace(/[ .-]/g, "").replace(/[Oo]/g, "0").replace(/[Il|]/g, "1");
  return [...text.matchAll(isPhoto ? READ_IN_PHOTO : PRINTED)].map(
    ({ 0: printed, 1: distributor, 2: point, index }) => ({
      pod: `IT${digits(distributor)}E${digits(point)}`,
      start: index,
      end: index + printed.length,
    }),
  );
}
