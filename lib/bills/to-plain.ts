/** A text in lower case, without accents and with plain spaces, dashes and quotes; as long as it was. */
export function toPlain(text: string): string {
  return text.replace(/[^\0-\x7f]/g, toAscii).toLowerCase();
}

function toAscii(character: string): string {
  if (/\s/.test(character)) return " ";
  if (/[‐-―−]/.test(character)) return "-";
  if (/[‘’´`]/.test(character)) return "'";
  if (/[°º]/.test(character)) return "°";
  const base = character.normalize("NFD")[0] ?? character;
  return base.length === character.length ? base : character;
}
