import type { Cell } from "./cell.ts";
import { type Fact, factAt } from "./fact.ts";
import { cellsRightOf } from "./neighbours.ts";
import { readNumber } from "./read-number.ts";

const ESTIMATED =
  /\b(?:consum[oi] stimat[oi]|(?:di )?cui stimat[oi]|lettur[ae] stimat[ae])\b|^stimat[oaie]\b|\(stimat[aoei]\)/;
const MEASURED =
  /\b(?:consum[oi] (?:rilevat[oi]|effettiv[oi]|misurat[oi]|reali)|lettur[ae] (?:rilevat[ae]|effettiv[ae]|reali|reale))\b|\((?:rilevat[aoei]|effettiv[aoei]|reale)\)|^(?:rilevat[oaie]|effettiv[oaie])$/;
/** A forecast for a contract's year says nothing of what is billed. */
const FORECAST = /\bannu[oi]\b|\bspesa\b|\bofferta\b/;
/** Longer ones explain what the words mean. */
const LONGEST = 60;

/** Whether the consumption is measured, from the lines of readings and consumption; false if any of it is estimated. */
export function findMeasured(cells: readonly Cell[]): Fact | null {
  const mentions = cells
    .filter(({ plain }) => plain.length <= LONGEST && !FORECAST.test(plain))
    .flatMap((cell) => {
      const estimated = ESTIMATED.exec(cell.plain);
      const measured = estimated ? null : MEASURED.exec(cell.plain);
      const match = estimated ?? measured;
      if (!match) return [];
      const amount = kwhBehind(cell, match.index + match[0].length, cells);
      // Nothing is estimated, or nothing measured: it says nothing of the rest.
      return amount === 0 ? [] : [{ cell, measured: measured !== null, amount }];
    });
  const best = mentions.find(({ measured }) => !measured) ?? mentions[0];
  if (!best) return null;
  const agree = mentions.every(({ measured }) => measured === best.measured);
  const isAmount = best.amount !== null && /consum|cui/.test(best.cell.plain);
  const words = best.cell.words.map(({ word }) => word);
  return factAt(best.measured, "consumption's kind", best.cell.text, words, agree && isAmount);
}

function kwhBehind(cell: Cell, end: number, cells: readonly Cell[]): number | null {
  const texts = [cell.plain.slice(end), cellsRightOf(cell, cells)[0]?.plain ?? ""];
  for (const text of texts) {
    const number = readNumber(text.replace(/^[\s:=.(–-]*(?:kwh)?[\s:)]*/, ""), "kwh");
    if (number) return number.value;
  }
  return null;
}
