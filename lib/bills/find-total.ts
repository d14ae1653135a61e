import type { Cell } from "./cell.ts";
import { readNumber } from "./read-number.ts";

/** Bands are rounded each for itself. */
const ROUNDING = 1.5;
const LEAST_NUMBERS = 3;

/** Of a row of numbers the one that is the sum of all others, if it is the first or the last: F1, F2, F3, total. */
export function findTotal(row: readonly Cell[]): Cell | null {
  const numbers: number[] = [];
  for (const { plain } of row) {
    const number = readNumber(plain, "kwh");
    if (!number || !/^ ?(?:kwh)?$/.test(plain.slice(number.length))) break;
    numbers.push(number.value);
  }
  const [first = 0, last = 0] = [numbers[0], numbers.at(-1)];
  if (numbers.length < LEAST_NUMBERS) return null;
  const sum = numbers.reduce((all, one) => all + one, 0);
  const isSum = (one: number) => one > 0 && Math.abs(sum - 2 * one) <= ROUNDING;
  // Zeros aside, not both can be.
  return (isSum(last) ? row[numbers.length - 1] : isSum(first) ? row[0] : undefined) ?? null;
}
