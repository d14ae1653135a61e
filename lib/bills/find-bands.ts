import { type Cell, type Word, wordsOf } from "./cell.ts";
import { cellsRightOf, cellUnder } from "./neighbours.ts";
import { readNumber } from "./read-number.ts";

type Band = { value: number; words: Word[]; cell: Cell; quote: string };
/** The kWh of the three bands, as printed. */
export type Bands = { f1: Band; f2: Band; f3: Band };

const NAME = /(?<![a-z0-9])(?:fascia )?f([123])(?![0-9a-z])/g;
/** F1, F2 and F3 are rounded each for itself. */
const ROUNDING = 1.5;
const MOST_NUMBERS = 12;

/** All triples of numbers that stand at F1, F2 and F3 in the same way, and add up to the total. */
export function findBands(cells: readonly Cell[], total: number): Bands[] {
  const found = new Map<string, Map<string, Band>>();
  for (const cell of cells) {
    for (const { 0: name, 1: band = "", index } of cell.plain.matchAll(NAME)) {
      for (const [place, one] of numbersAt(cell, index, index + name.length, cells)) {
        // By the place at the name, and by the block: other tables have bands too.
        const bands = found.get(place) ?? new Map<string, Band>();
        const key = `${band}:${[...bands.keys()].filter((known) => known.startsWith(band)).length}`;
        found.set(place, bands.set(key, one));
      }
    }
  }
  return [...found.values()].flatMap((bands) => {
    const rows = Array.from({ length: bands.size }, (_, i) => i);
    return rows.flatMap((i) => {
      const [f1, f2, f3] = ["1", "2", "3"].map((band) => bands.get(`${band}:${i}`));
      const fits = f1 && f2 && f3 && Math.abs(f1.value + f2.value + f3.value - total) <= ROUNDING;
      return fits ? [{ f1, f2, f3 }] : [];
    });
  });
}

function numbersAt(cell: Cell, start: number, end: number, cells: readonly Cell[]): [place: string, band: Band][] {
  const numbers: [string, Band][] = [];
  const add = (place: string, one: Cell, from: number, to: number) => {
    const plain = one.plain.slice(from, to);
    const lead = /^[\s:=.–-]*(?:\(?kwh\)?)?[\s:=]*/.exec(plain)?.[0].length ?? 0;
    const number = readNumber(plain.slice(lead), "kwh");
    if (!number?.exact || number.value < 0 || /^ ?(?:€|%|kw(?!h)|kvarh)/.test(plain.slice(lead + number.length)))
      return;
    const words = wordsOf(one, from + lead, from + lead + number.length);
    const quote = `${cell.text.slice(start, end)} ${one.text.slice(from + lead, from + lead + number.length)} kWh`;
    numbers.push([place, { value: number.value, words, cell: one, quote }]);
  };
  const next = cell.plain.slice(end).search(/(?<![a-z0-9])(?:fascia )?f[123](?![0-9a-z])/);
  add("inside", cell, end, next < 0 ? cell.plain.length : end + next);
  if (next < 0)
    cellsRightOf(cell, cells)
      .slice(0, MOST_NUMBERS)
      .forEach((one, i) => {
        add(`right ${i}`, one, 0, one.plain.length);
      });
  if (start === 0 && end === cell.plain.trim().length) {
    let below = cellUnder(cell, cells);
    for (let row = 0; below && row < 4; row++) {
      add(`under ${row}`, below, 0, below.plain.length);
      below = cellUnder(below, cells);
    }
  }
  return numbers;
}
