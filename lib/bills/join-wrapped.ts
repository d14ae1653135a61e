import { around, type Cell, right } from "./cell.ts";
import { findLabels } from "./find-labels.ts";
import { findPods } from "./find-pods.ts";

/** Tops of the lines of one paragraph are this many letter heights from each other at most. */
const LINE = 1.55;

/** Whether a cell is the next line of the same paragraph. */
export function isNextLine(upper: Cell, lower: Cell): boolean {
  const step = lower.y - upper.y;
  const close = step > 0.5 * upper.height && step < LINE * upper.height;
  const aligned =
    Math.abs(lower.x - upper.x) < 2 || Math.abs(lower.x + lower.width / 2 - upper.x - upper.width / 2) < 2;
  return upper.page === lower.page && close && aligned && Math.abs(upper.height - lower.height) < 0.15 * upper.height;
}

/** Makes one cell of a label or a POD that goes on in the next line, as in the narrow columns of a table. */
export function joinWrapped(cells: readonly Cell[]): Cell[] {
  const gone = new Set<Cell>();
  return cells.flatMap((cell, i) => {
    if (gone.has(cell)) return [];
    const next = cells.slice(i + 1, i + 12).find((one) => !gone.has(one) && isNextLine(cell, one));
    if (!next || !goesOn(cell, next)) return [cell];
    gone.add(next);
    return [joined(cell, next)];
  });
}

function goesOn(cell: Cell, next: Cell): boolean {
  const last = findLabels(cell).at(-1);
  const isOpen = last !== undefined && /\([^)]*$/.test(cell.plain.slice(last.end)) && /^[^(]*\)/.test(next.plain);
  if (isOpen) return true;
  const both = joined(cell, next);
  const pods = (one: Cell) => findPods(one.text, false).length;
  if (pods(both) > pods(cell) + pods(next)) return true;
  // The label is longer with the next line, or is one only with it.
  const whole = findLabels(both).find(({ start, end }) => start < cell.text.length && end > cell.text.length + 1);
  if (!whole) return false;
  return right(cell) - cell.x < 260 && (whole.start === 0 || last?.start === whole.start);
}

function joined(cell: Cell, next: Cell): Cell {
  const offset = cell.text.length + 1;
  return {
    ...around([cell, next]),
    text: `${cell.text} ${next.text}`,
    plain: `${cell.plain} ${next.plain}`,
    words: [...cell.words, ...next.words.map((one) => ({ ...one, start: one.start + offset, end: one.end + offset }))],
  };
}
