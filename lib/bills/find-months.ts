import type { Month } from "./bill.ts";
import { around, bottom, type Cell, middle, type Rectangle, right, wordsOf } from "./cell.ts";
import { findTotal } from "./find-total.ts";
import { cellsRightOf, cellUnder } from "./neighbours.ts";
import { MONTH_NAME } from "./read-date.ts";
import { readNumber } from "./read-number.ts";
import { readMonth } from "./read-period.ts";

export type Months = { months: Month[]; cell: Cell; sure: boolean };

const TITLE =
  /ultimi (?:12|13|dodici|tredici) mesi|storico (?:dei )?consumi|andamento (?:dei )?consumi|consumi (?:storici|mensili)/;
const HEAD = new RegExp(
  `(?<![a-z0-9])(?:${MONTH_NAME}\\.?[ '.-]{0,2}(?:20\\d{2}|\\d{2})|(?:0[1-9]|1[0-2])[/-]20\\d{2})(?![\\d/])`,
  "g",
);
const LEAST_MONTHS = 3;
const ROW_NAME = /^(?:f([123])|f23|(totale?)|(?:consum[oi]|kwh|energia)\b.*)/;

const BARE_MONTH = new RegExp(`^ ?${MONTH_NAME}\\.? ?$`);

type Column = { month: string; place: Rectangle };

/** The table of the last months, if its months are printed with their years: beside each other, or one under the other. */
export function findMonths(cells: readonly Cell[]): Months | null {
  return lyingTable(cells) ?? standingTable(cells);
}

function monthsIn(cell: Cell): Column[] {
  return [...cell.plain.matchAll(HEAD)].flatMap(({ 0: printed, index }) => {
    const read = readMonth(printed);
    const words = wordsOf(cell, index, index + printed.length);
    const [first] = words;
    if (!read || !first) return [];
    const x = Math.min(...words.map((word) => word.x));
    const place = { ...first, x, width: Math.max(...words.map(right)) - x };
    return [{ month: `${read.year}-${String(read.month).padStart(2, "0")}`, place }];
  });
}

/** A month whose year is under it. */
function wrappedMonth(cell: Cell, cells: readonly Cell[]): Column[] {
  if (!BARE_MONTH.test(cell.plain)) return [];
  const year = cellUnder(cell, cells);
  const read =
    year && /^(?:20)?\d{2}$/.test(year.plain.trim()) ? readMonth(`${cell.plain.trim()} ${year.plain.trim()}`) : null;
  if (!year || !read) return [];
  return [{ month: `${read.year}-${String(read.month).padStart(2, "0")}`, place: around([cell, year]) }];
}

const isMonth = (cell: Cell) => BARE_MONTH.test(cell.plain) || monthsIn(cell).length > 0;

const hasTitle = (cells: readonly Cell[], at: Cell) =>
  cells.some((one) => one.page === at.page && one.y <= at.y && at.y - one.y < 120 && TITLE.test(one.plain));

function lyingTable(cells: readonly Cell[]): Months | null {
  for (const cell of cells) {
    const head = [cell, ...cellsRightOf(cell, cells)];
    // From its first month on, or the table would be told as a shorter one.
    if (cells.some((one) => isMonth(one) && cellsRightOf(one, [cell]).length > 0)) continue;
    const beside = head.flatMap(monthsIn);
    const columns = beside.length > 0 ? beside : head.flatMap((one) => wrappedMonth(one, cells));
    if (columns.length < LEAST_MONTHS || !areInOrder(columns)) continue;
    const foot = Math.max(...columns.map(({ place }) => bottom(place)));
    const under = cells.filter(
      (one) => one.page === cell.page && middle(one) > foot && one.y - foot < 6 * (cell.height + 8),
    );
    const rows = Map.groupBy(under, ({ y, height }) => Math.round((y + height) / 4));
    const sums = new Map<string, (number | null)[]>();
    for (const row of rows.values()) {
      const name = ROW_NAME.exec(row.toSorted((a, b) => a.x - b.x)[0]?.plain ?? "");
      const values = columns.map(({ place }) => valueAt(row, place));
      // A row that lacks a month is another table's, or a footer.
      if (values.some((value) => value === null)) continue;
      const key = name?.[1] ?? "total";
      if (!sums.has(key)) sums.set(key, values);
    }
    const bands = ["1", "2", "3"].map((band) => sums.get(band));
    const added = columns.map((_, i) => sum(bands.map((band) => band?.[i] ?? null)));
    const total = sums.get("total") ?? added;
    if (total.some((value) => value === null)) continue;
    const agrees = added.every((value, i) => value === null || Math.abs(value - (total[i] ?? 0)) <= 1.5);
    const months = columns.map(({ month }, i) => ({ month, kwh: total[i] ?? 0 }));
    return { months, cell, sure: agrees && hasTitle(cells, cell) };
  }
  return null;
}

function sum(values: (number | null)[]): number | null {
  return values.reduce<number | null>(
    (all, value) => (all === null || value === null ? null : Math.round((all + value) * 1000) / 1000),
    0,
  );
}

function valueAt(row: readonly Cell[], place: Rectangle): number | null {
  const words = row.flatMap((cell) => cell.words.map(({ word }) => word));
  const centre = place.x + place.width / 2;
  const over = words.filter((word) => word.x - 3 <= centre && right(word) + 3 >= centre && /\d/.test(word.text));
  const [only] = over;
  if (!only || over.length > 1) return null;
  const number = readNumber(only.text, "kwh");
  return number?.exact && number.length === only.text.length && number.value >= 0 ? number.value : null;
}

function standingTable(cells: readonly Cell[]): Months | null {
  const rows = cells.flatMap((cell) => {
    const [only, second] = monthsIn(cell);
    if (!only || second) return [];
    const printed = HEAD.exec(cell.plain)?.[0] ?? "";
    HEAD.lastIndex = 0;
    if (!cell.plain.startsWith(printed)) return [];
    const behind = cell.plain.slice(printed.length).replace(/^[\s:–-]+/, "");
    const row = cellsRightOf(cell, cells);
    const total = findTotal(row);
    const texts = [behind, ...(total ? [total] : row).map(({ plain }) => plain)].filter((text) => text !== "");
    const numbers = texts.map((text) => readNumber(text, "kwh"));
    const [first] = numbers;
    if (!first?.exact || first.value < 0 || /^ ?€/.test((texts[0] ?? "").slice(first.length))) return [];
    return [{ month: only.month, kwh: first.value, alone: numbers.length === 1, cell }];
  });
  const [head] = rows;
  if (!head || rows.length < LEAST_MONTHS || !areInOrder(rows) || !rows.every(({ alone }) => alone)) return null;
  if (!hasTitle(cells, head.cell)) return null;
  return { months: rows.map(({ month, kwh }) => ({ month, kwh })), cell: head.cell, sure: true };
}

/** Each month once, one after the other, forwards or backwards. */
function areInOrder(columns: readonly { month: string }[]): boolean {
  const numbers = columns.map(({ month }) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)));
  const steps = numbers.slice(1).map((number, i) => number - (numbers[i] ?? 0));
  return steps.every((step) => step === 1) || steps.every((step) => step === -1);
}
