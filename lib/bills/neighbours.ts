import { bottom, type Cell, middle, type Rectangle, right } from "./cell.ts";
import { isNextLine } from "./join-wrapped.ts";

/** Letter heights between a label and a value under it; the value may be in larger letters. */
const FARTHEST_UNDER = 2.6;
/** Letter heights that the left edges of a column may differ by. */
const RAGGED = 0.7;

/** The cells right of a cell at its height, nearest first. */
export function cellsRightOf(cell: Rectangle, cells: readonly Cell[]): Cell[] {
  const onRight = cells.filter((one) => one.page === cell.page && one.x >= right(cell) - 1);
  const beside = onRight.filter((one) => {
    const shared = Math.min(bottom(one), bottom(cell)) - Math.max(one.y, cell.y);
    return shared > 0.5 * Math.min(one.height, cell.height);
  });
  const centred = onRight.filter((one) => !beside.includes(one) && isCentred(one, cell, onRight));
  return [...beside, ...centred].toSorted((a, b) => a.x - b.x);
}

/** Whether it is the first of two lines whose middle is at the cell's height, as in a row of a table. */
function isCentred(first: Cell, cell: Rectangle, cells: readonly Cell[]): boolean {
  if (Math.abs(middle(first) - middle(cell)) > first.height * 1.2 || middle(first) > middle(cell)) return false;
  const second = cells.find((one) => isNextLine(first, one));
  return second !== undefined && Math.abs((first.y + bottom(second)) / 2 - middle(cell)) < 0.3 * first.height;
}

/** The nearest cell under a cell whose columns overlap. */
export function cellUnder(cell: Rectangle, cells: readonly Cell[]): Cell | null {
  const under = cells.filter(
    (one) =>
      one.page === cell.page &&
      middle(one) > bottom(cell) - 0.1 * cell.height &&
      one.y - bottom(cell) < FARTHEST_UNDER * Math.min(cell.height, 14) &&
      Math.min(right(one), right(cell)) - Math.max(one.x, cell.x) > 0.3 * Math.min(one.width, cell.width),
  );
  return under.toSorted((a, b) => middle(a) - middle(b))[0] ?? null;
}

/** Whether two cells, one under the other, are in the same column: they share an edge, or one lies within the other. */
export function sameColumn(upper: Rectangle, lower: Rectangle): boolean {
  const ragged = RAGGED * Math.max(upper.height, Math.min(lower.height, 2 * upper.height));
  const near = (a: number, b: number) => Math.abs(a - b) <= ragged;
  const within = lower.x >= upper.x - ragged && right(lower) <= right(upper) + ragged;
  const centred = near(upper.x + upper.width / 2, lower.x + lower.width / 2);
  return near(upper.x, lower.x) || near(right(upper), right(lower)) || within || centred;
}
