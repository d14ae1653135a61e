import type { Entry, Measure, Target } from "./entry.ts";
import { round } from "./stats.ts";

/** As many digits as a reader can use. */
function short(value: number): string {
  const size = Math.abs(value);
  return value.toLocaleString("en", { maximumFractionDigits: size >= 100 ? 0 : size >= 10 ? 1 : 2 });
}

const withUnit = (value: number, unit: string) => `${short(value)}${unit === "×" ? "×" : unit && ` ${unit}`}`;

/** `1.18× of at most 1.25×` */
export function targetText({ value, limit, unit }: Target): string {
  return `${withUnit(value, unit)} of at most ${withUnit(limit, unit)}`;
}

export const isReached = ({ value, limit }: Target): boolean => value <= limit;

const HEAD = ["", "unit", "n", "median", "p99", "yardstick", "median", "p99", "compared", "min–max", "p99"];

/** What an item found, to be printed. */
export function table(entry: Entry): string {
  const rows = [HEAD, ...entry.measures.map(row)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || column === 1 || column === 5 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd();
  const targets = entry.targets.map(
    (target) => `${isReached(target) ? "reached " : "MISSED  "} ${target.what}: ${targetText(target)}`,
  );
  return [...rows.map(line), ...targets, ...entry.notes.map((note) => `· ${note}`)]
    .map((text) => `  ${text}`)
    .join("\n");
}

function row({ what, unit, ours, yardstick, compared }: Measure): string[] {
  const by = (value: number) =>
    compared?.by === "×" ? `${round(value).toFixed(2)}×` : `${value < 0 ? "" : "+"}${short(value)}`;
  return [
    what,
    unit,
    String(ours.n),
    short(ours.median),
    short(ours.p99),
    ...(yardstick ? [yardstick.name, short(yardstick.median), short(yardstick.p99)] : ["", "", ""]),
    ...(compared ? [by(compared.median), `${by(compared.min)}–${by(compared.max)}`, by(compared.p99)] : ["", "", ""]),
  ];
}
