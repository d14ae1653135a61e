import { around, type Cell, type Word, wordsOf } from "./cell.ts";
import { findLabels, type PlacedLabel } from "./find-labels.ts";
import { findTotal } from "./find-total.ts";
import type { Field } from "./label.ts";
import { cellsRightOf, cellUnder, sameColumn } from "./neighbours.ts";
import { READERS } from "./read-field.ts";
import { readDaysBefore } from "./read-quantity.ts";
import type { Found, Region } from "./region.ts";

/** A value with the label it stands at. */
export type Hit = {
  field: Field;
  rule: string;
  /** `cell`: behind its label in the same cell. */
  place: "cell" | "right" | "under";
  strong: boolean;
  found: Found;
  label: Cell;
  cell: Cell;
  /** The words of the value. */
  words: Word[];
  quote: string;
  /** Whether place and form alone allow it to be sure. */
  clear: boolean;
};

/** Something that is not of this bill: an example, a comparison, another period. */
const NOT_OURS =
  /\b(?:cliente tipo|famigli[ae]|person[ae]|esempio|simulazion|confront|anno precedente|periodo precedente|stesso periodo|mercato libero conviene|preventivo|stima della spesa|clienti con|da inizio)/;
/** Words before a label that make it a part of a sentence. */
const MOST_WORDS_BEFORE = 2;

/** Everything that stands at a label, on all pages. */
export function findHits(cells: readonly Cell[], isPhoto: boolean): Hit[] {
  const labels = new Map(cells.map((cell) => [cell, findLabels(cell)]));
  const claims = new Map<Word, Set<unknown>>();
  const hits: Hit[] = [];
  for (const page of Map.groupBy(cells, (cell) => cell.page).values()) {
    for (const cell of page) {
      const placed = labels.get(cell) ?? [];
      placed.forEach((one, i) => {
        hits.push(...hitsOf(one, placed[i - 1], placed[i + 1], cell, { cells: page, labels, claims, isPhoto }));
      });
    }
  }
  // What two labels claim belongs to one of them, and nobody can say to which; a label in the same cell is never wrong.
  return hits.map((hit) => {
    const owners = hit.words.flatMap((word) => [...(claims.get(word) ?? [])]);
    return hit.place !== "cell" && new Set(owners).size > 1 ? { ...hit, clear: false } : hit;
  });
}

type Page = {
  cells: readonly Cell[];
  labels: ReadonlyMap<Cell, readonly PlacedLabel[]>;
  claims: Map<Word, Set<unknown>>;
  isPhoto: boolean;
};

function hitsOf(
  placed: PlacedLabel,
  before: PlacedLabel | undefined,
  after: PlacedLabel | undefined,
  cell: Cell,
  page: Page,
): Hit[] {
  const { label, start, end } = placed;
  const lead = cell.plain.slice(before?.end ?? 0, start);
  const isHeading = (lead.match(/[a-z]{3,}/g)?.length ?? 0) <= MOST_WORDS_BEFORE;
  const unit = /kwh/.test(cell.plain.slice(start)) ? "kwh" : /\bkw\b/.test(cell.plain.slice(start)) ? "kw" : null;
  const stop = after?.start ?? cell.plain.length;
  const own = toRegion(cell, end, stop, { unit, lead: "" }, cell, page);
  const isEmpty = /^[\s:;=.*|>()\-–]*(?:\(?(?:in )?kwh?\)?)?[\s:;=.*|>()\-–]*$/.test(own.plain);
  const context = `${cell.plain} ${headingOf(cell, page)}`;
  if (NOT_OURS.test(context)) return [];

  const read = (place: Hit["place"], region: Region, clear: boolean): Hit | null => {
    if (label.field === null) return null;
    const found = READERS[label.field](region);
    if (!found) return null;
    const words = wordsOf(region.cell, region.start + found.start, region.start + found.end);
    const value = [region.text.slice(found.start, found.end), ...found.more.map((one) => one.text)].join(" ");
    return {
      field: label.field,
      rule: label.rule,
      place,
      strong: label.strong,
      found,
      label: cell,
      cell: region.cell,
      words: [...words, ...found.more.flatMap((one) => one.words.map(({ word }) => word))],
      quote: `${cell.text.slice(start, end)} ${value}`,
      clear: clear && isHeading && found.exact,
    };
  };

  const inside = isEmpty ? null : read("cell", own, true);
  if (inside) return [inside];
  // Behind a label without a value, or only its unit, comes the next cell.
  if (after || !(isEmpty || isTail(own.plain) || isDays(label.field, own.plain))) return [];
  const startOf = (one: Cell) => page.labels.get(one)?.[0]?.start;
  const hasLabelFirst = (one: Cell) => startOf(one) === 0;
  const regionOf = (one: Cell) =>
    toRegion(one, 0, startOf(one) ?? one.plain.length, { unit, lead: own.plain }, cell, page);
  const claim = (one: Cell) => {
    for (const { word } of one.words) page.claims.set(word, (page.claims.get(word) ?? new Set()).add(placed));
  };

  const found: Hit[] = [];
  const row = cellsRightOf(cell, page.cells);
  const total = label.field === "kwh" ? findTotal(row) : null;
  const [beside, further] = total ? [total] : row;
  const onRight = beside && !hasLabelFirst(beside) ? read("right", regionOf(beside), isAlone(beside, further)) : null;
  if (beside && !hasLabelFirst(beside) && (onRight || label.field === null)) claim(beside);
  if (onRight) found.push(onRight);
  const below = cellUnder(cell, page.cells);
  const isUnder = below && !hasLabelFirst(below) && !hasLabelBeside(below, page) ? below : null;
  const onUnder = isUnder ? read("under", regionOf(isUnder), sameColumn(cell, isUnder)) : null;
  if (isUnder && (onUnder || label.field === null)) claim(isUnder);
  if (onUnder) found.push(onUnder);
  const [first, second] = found;
  if (!first || !second) return found;
  return keyOf(first) === keyOf(second) ? [first] : found.map((one) => ({ ...one, clear: false }));
}

const keyOf = ({ found }: Hit): string => JSON.stringify(found.values);

const isDays = (field: Field | null, plain: string) =>
  (field === "kwh" || field === "annual") && readDaysBefore(plain)?.length === plain.length;

/** Words that a label may end with, and that say nothing of their own. */
const isTail = (plain: string) =>
  /^[\s:(]*(?:nel periodo|del periodo|della bolletta|fatturato|totale|di energia|energia elettrica|attuale|effettiv[oi]|rilevat[oi]|real[ei]|misurat[oi]|stimat[oi]|\*+)[\s:)]*(?:\(?kwh\)?)?[\s:)]*$/.test(
    plain,
  );

/** The cell over this one, if it is near: the head of a column or a block. */
function headingOf(cell: Cell, { cells }: Page): string {
  const over = cells.findLast(
    (one) =>
      one.y < cell.y && cell.y - one.y < 2.5 * cell.height && one.x < cell.x + cell.width && cell.x < one.x + one.width,
  );
  return over?.plain ?? "";
}

/** Whether no second number follows on the line, of which nobody could say which one is meant. */
function isAlone(value: Cell, further: Cell | undefined): boolean {
  const bare = (cell: Cell) => /^[\d., -]+(?:kwh?)?$/.test(cell.plain.trim());
  return !further || !(bare(value) && bare(further));
}

/** A cell that could be read at a label on its left is that label's. */
function hasLabelBeside(cell: Cell, page: Page): boolean {
  const left = page.cells.filter((one) => cellsRightOf(one, [cell]).length > 0).at(-1);
  const last = left && page.labels.get(left)?.at(-1);
  if (!last || !isOpen(left, page)) return false;
  const { field } = last.label;
  return (
    field === null ||
    READERS[field](toRegion(cell, 0, cell.plain.length, { unit: "kwh", lead: "" }, left, page)) !== null
  );
}

/** Whether its last label has no value in the same cell. */
function isOpen(cell: Cell, page: Page): boolean {
  const last = page.labels.get(cell)?.at(-1);
  return last !== undefined && /^[\s:;=.*|>()\-–]*(?:\(?(?:in )?kwh?\)?)?[\s:]*$/.test(cell.plain.slice(last.end));
}

function toRegion(
  cell: Cell,
  start: number,
  end: number,
  of: Pick<Region, "unit" | "lead">,
  label: Cell,
  page: Page,
): Region {
  const next: Region["next"] = (last) => {
    const below = cellUnder(last, page.cells);
    if (!below || (page.labels.get(below)?.[0]?.start ?? -1) === 0) return null;
    // A line of its own with something before it in the label's column.
    const isOwnRow = page.cells.some(
      (one) => one !== below && one.x < below.x && one.x + one.width > label.x && cellsRightOf(one, [below]).length > 0,
    );
    return isOwnRow ? null : toRegion(below, 0, below.plain.length, of, label, page);
  };
  const text = cell.text.slice(start, end);
  return { cell, start, text, plain: cell.plain.slice(start, end), ...of, isPhoto: page.isPhoto, next };
}

/** The rectangle of a hit's value. */
export const placeOf = (hit: Hit) => around(hit.words.length > 0 ? hit.words : [hit.cell]);
