import type { Cell } from "./cell.ts";
import type { Label } from "./label.ts";
import { LABELS } from "./labels.ts";

/** A label in a cell's text. */
export type PlacedLabel = { label: Label; start: number; end: number };

/** The labels of a cell, in their order; none overlaps another. */
export function findLabels({ text, plain }: Cell): PlacedLabel[] {
  const found: PlacedLabel[] = [];
  for (let start = 0; start < plain.length; start++) {
    if (!beginsWord(text, start)) continue;
    const longest = longestAt(text, plain, start);
    if (!longest) continue;
    found.push(longest);
    start = longest.end - 1;
  }
  return found;
}

function longestAt(text: string, plain: string, start: number): PlacedLabel | null {
  let longest: PlacedLabel | null = null;
  for (const label of LABELS) {
    label.pattern.lastIndex = start;
    const length = label.pattern.exec(plain)?.[0].trimEnd().length ?? 0;
    const end = start + length;
    if (length < 2 || end <= (longest?.end ?? 0)) continue;
    if (endsWord(text, end) || (label.field === "pod" && /^it ?\d{3}/.test(plain.slice(end))))
      longest = { label, start, end };
  }
  return longest;
}

const isLetter = (character: string | undefined) => character !== undefined && /\p{L}/u.test(character);
const isUpper = (character: string | undefined) => character !== undefined && /\p{Lu}/u.test(character);
const isLower = (character: string | undefined) => character !== undefined && /\p{Ll}/u.test(character);

/** Also where words are glued together: 30 kWPotenza disponibile. */
function beginsWord(text: string, at: number): boolean {
  return isLetter(text[at]) && (!isLetter(text[at - 1]) || (isUpper(text[at]) && isLower(text[at + 1])));
}

/** Also where a value is glued to its label: IntestatarioROSSI. */
function endsWord(text: string, at: number): boolean {
  return !isLetter(text[at]) || !isLetter(text[at - 1]) || (isLower(text[at - 1]) && isUpper(text[at]));
}
