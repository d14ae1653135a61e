import type { Column, Evidence } from "./bill.ts";
import { around, type Rectangle, type Word } from "./cell.ts";
import { type Hit, placeOf } from "./find-hits.ts";

/** A column's value with what it rests upon. */
export type Fact = {
  value: Exclude<Evidence["value"], null>;
  unit: string | null;
  rule: string;
  quote: string;
  place: Rectangle;
  words: readonly Word[];
  sure: boolean;
};

/** The facts of one supply by column; `holder_hash` holds the id itself, which leaves this process only in memory. */
export type Facts = Map<Column, Fact>;

/** A hit's value of one column as a fact. */
export function toFact(hit: Hit, value: Fact["value"], sure: boolean): Fact {
  const { rule, place, found, quote, words } = hit;
  return { value, unit: found.unit, rule: `${rule}, ${place}`, quote, place: placeOf(hit), words, sure };
}

/** A fact that stands in certain words. */
export function factAt(value: Fact["value"], rule: string, quote: string, words: readonly Word[], sure: boolean): Fact {
  return { value, unit: null, rule, quote, place: around(words), words, sure };
}

/** Takes the certainty from columns. */
export function doubt(facts: Facts, ...columns: Column[]): void {
  for (const column of columns) {
    const fact = facts.get(column);
    if (fact) facts.set(column, { ...fact, sure: false });
  }
}
