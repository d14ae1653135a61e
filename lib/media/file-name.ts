/**
 * The name under which a colleague saves a file: the customer's, without what could lead out of a folder or show it
 * otherwise than it is (separators, control characters, marks that turn the direction of writing), and with the ending
 * of what the file is.
 */
export function toFileName(given: string | undefined, path: string, receivedAt: string): string {
  const extension = /\.[a-z0-9]+$/.exec(path)?.[0] ?? "";
  const cleaned = (given ?? "")
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, "")
    .replace(/[\\/:*?"<>|]/g, "_")
    .replace(/^[.\s]+|[.\s]+$/g, "")
    .slice(0, 150);
  if (cleaned === "") return `allegato-${receivedAt.slice(0, 10)}${extension}`;
  // What is not known by its content keeps the customer's ending: a .p7m is opened by it.
  const same = extension === ".bin" || cleaned.toLowerCase().endsWith(extension);
  const jpeg = extension === ".jpg" && /\.jpeg$/i.test(cleaned);
  return same || jpeg ? cleaned : `${cleaned}${extension}`;
}
