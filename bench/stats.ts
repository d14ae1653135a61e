import type { Measure, Summary } from "./entry.ts";

/** What one block of a run gave for each side, in the same unit. */
export type Block = { ours: number[]; yardstick: number[] };

/** The value that so large a part (0 to 1) of them does not exceed. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const middle = values.length % 2 === 0 ? [...values].toSorted((a, b) => a - b) : null;
  if (middle === null) return quantile(values, 0.5);
  return ((middle[middle.length / 2 - 1] ?? Number.NaN) + (middle[middle.length / 2] ?? Number.NaN)) / 2;
}

export const round = (value: number): number => Number(value.toPrecision(5));

function summarise(values: readonly number[]): Summary {
  return { n: values.length, median: round(median(values)), p99: round(quantile(values, 0.99)) };
}

/** Something that has no yardstick. */
export function alone(what: string, unit: string, values: readonly number[]): Measure {
  return { what, unit, ours: summarise(values), yardstick: null, compared: null };
}

/** Ours to a yardstick that was measured in the same blocks: × is the ratio, + the difference. */
export function compare(what: string, unit: string, yardstick: string, blocks: readonly Block[], by: "×" | "+" = "×") {
  const ours = summarise(blocks.flatMap((block) => block.ours));
  const theirs = summarise(blocks.flatMap((block) => block.yardstick));
  const against = (a: number, b: number) => round(by === "×" ? a / b : a - b);
  const each = blocks.map((block) => against(median(block.ours), median(block.yardstick)));
  const compared = {
    by,
    median: against(ours.median, theirs.median),
    p99: against(ours.p99, theirs.p99),
    min: Math.min(...each),
    max: Math.max(...each),
  };
  return { what, unit, ours, yardstick: { name: yardstick, ...theirs }, compared } satisfies Measure;
}
