import type { Cell, Rectangle } from "./cell.ts";

/** A part of a cell in which a value is looked for, and what goes on under it. */
export type Region = {
  cell: Cell;
  /** Where it begins in the cell. */
  start: number;
  text: string;
  plain: string;
  /** What the label, or the head of its column, says of the unit. */
  unit: "kwh" | "kw" | null;
  /** Days printed with the label: Consumo annuo (dal … al …). */
  lead: string;
  isPhoto: boolean;
  /** The next line of the same value; null if there is none, or it belongs to something else. */
  next: (last: Rectangle) => Region | null;
};

/** A value that a reader found in a region. */
export type Found = {
  /** By the names of the supply's columns. */
  values: Readonly<Record<string, string | number | boolean>>;
  unit: string | null;
  /** Where it stands in the region. */
  start: number;
  end: number;
  /** The lines behind the first one that it takes. */
  more: readonly Cell[];
  /** False if it can be read in two ways, or may not be complete. */
  exact: boolean;
};
