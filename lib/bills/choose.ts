import type { Column } from "./bill.ts";
import { type Fact, type Facts, toFact } from "./fact.ts";
import type { Hit } from "./find-hits.ts";

/** Columns that a weak label alone makes sure, if nothing contradicts it. */
const WEAK_IS_ENOUGH: readonly string[] = ["period_from", "period_to", "holder"];

/** The value of each column among the hits of one supply: sure if place and form are clear, and nothing contradicts it. */
export function choose(hits: readonly Hit[]): Facts {
  const columns = new Set(hits.flatMap(({ found }) => Object.keys(found.values)));
  columns.delete("holder_id");
  const facts: Facts = new Map();
  for (const column of columns) {
    const fact = chooseOne(column, hits);
    if (fact) facts.set(column as Column, fact);
  }
  return facts;
}

function chooseOne(column: string, hits: readonly Hit[]): Fact | null {
  const all = hits.filter(({ found }) => found.values[column] !== undefined);
  const strong = all.filter((hit) => hit.strong);
  const pool = strong.length > 0 ? strong : all;
  const best = pool.find(({ clear }) => clear) ?? pool[0];
  const value = best?.found.values[column];
  if (!best || value === undefined) return null;
  const contradicted = all.some((hit) => hit !== best && contradicts(hit, best, column));
  const enough = best.strong || WEAK_IS_ENOUGH.includes(column);
  return toFact(best, value, best.clear && enough && !contradicted);
}

function contradicts(other: Hit, best: Hit, column: string): boolean {
  const [a, b] = [other.found.values[column], best.found.values[column]];
  if (a === undefined || b === undefined || bare(a) === bare(b)) return false;
  if (other.strong || !best.strong) return true;
  // A part of the period, or of its consumption, in the details.
  if (column === "kwh") return Number(a) > Number(b);
  const { period_from: from, period_to: to } = other.found.values;
  const whole = best.found.values;
  if (from && to && whole.period_from && whole.period_to) return from < whole.period_from || to > whole.period_to;
  return true;
}

/** Without case, punctuation and spaces. */
export const bare = (value: unknown): string =>
  String(value)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.-]|(?<!\d)[.-]|[.-](?!\d)/gu, "");
