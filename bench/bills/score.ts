import { COLUMNS, type Reading } from "../../lib/bills/bill.ts";
import { bare } from "../../lib/bills/choose.ts";
import type { Truth } from "./truth.ts";

/** Of one column: values that are there, found, right and sure; wrong ones, and wrong ones that claim to be sure. */
export type Score = { there: number; found: number; sure: number; wrong: number; wrongSure: number };
export type Mistake = { seed: number; column: string; expected: unknown; got: unknown; quote: string };

/** Compares a reading with what the bill says; a column that the truth does not have is not judged. */
export function score(reading: Reading, truth: Truth, seed: number, scores: Map<string, Score>): Mistake[] {
  const supply = reading.supplies.find(({ pod }) => pod === truth.pod) ?? reading.supplies[0];
  return COLUMNS.flatMap((column) => {
    if (!(column in truth)) return [];
    const one = scores.get(column) ?? { there: 0, found: 0, sure: 0, wrong: 0, wrongSure: 0 };
    scores.set(column, one);
    const expected = truth[column] ?? null;
    const evidence = supply?.evidence[column];
    const got = evidence?.value ?? null;
    const isRight = got !== null && expected !== null && bare(got) === bare(expected);
    if (expected !== null) one.there++;
    if (isRight) one.found++;
    if (isRight && evidence?.sure) one.sure++;
    if (got === null || isRight) return [];
    one.wrong++;
    if (!evidence?.sure) return [];
    one.wrongSure++;
    return [{ seed, column, expected, got, quote: `${evidence.quote} [${evidence.rule}]` }];
  });
}
