import { toPlain } from "./to-plain.ts";

/** A rectangle on a page, in points from its upper left corner; y is downwards, pages count from 1. */
export type Rectangle = { page: number; x: number; y: number; width: number; height: number };

/** A word, or a piece of one, as the file has it. `confidence` is 1 in a PDF, from 0 to 1 in a photo. */
export type Word = Rectangle & { text: string; confidence: number };

/** Words that stand beside each other without a gap: a line of a paragraph, or one cell of a table. */
export type Cell = Rectangle & {
  text: string;
  /** The same text in lower case without accents, character by character. */
  plain: string;
  words: { word: Word; start: number; end: number }[];
};

/** A gap of this many letter heights separates cells; one of less than the second is no space. */
const CELL_GAP = 0.95;
const SPACE_GAP = 0.12;

export const middle = ({ y, height }: Rectangle): number => y + height / 2;
export const right = ({ x, width }: Rectangle): number => x + width;
export const bottom = ({ y, height }: Rectangle): number => y + height;

/** Builds the cells of all pages, in reading order, from words in any order. */
export function toCells(words: readonly Word[]): Cell[] {
  const printed = words.filter(({ text, height }) => text.trim() !== "" && height > 0);
  const cells = linesOf(printed).flatMap(cellsOf);
  return cells.sort((a, b) => a.page - b.page || middle(a) - middle(b) || a.x - b.x);
}

/** Words whose feet stand at the same height. A large figure beside small words is a line of its own. */
function linesOf(words: readonly Word[]): Word[][] {
  const lines: { words: Word[]; page: number; foot: number; height: number }[] = [];
  for (const word of words.toSorted((a, b) => a.page - b.page || bottom(a) - bottom(b))) {
    const { page, height } = word;
    const foot = bottom(word);
    const same = lines
      .slice(-8)
      .findLast((line) => line.page === page && Math.abs(line.foot - foot) < 0.4 * Math.min(line.height, height));
    if (same) same.words.push(word);
    else lines.push({ words: [word], page, foot, height });
  }
  return lines.map((line) => line.words);
}

function cellsOf(line: readonly Word[]): Cell[] {
  const cells: Word[][] = [];
  let last: Word | undefined;
  for (const word of line.toSorted((a, b) => a.x - b.x)) {
    const size = Math.max(last?.height ?? 0, word.height);
    // Text that is printed over other text is none of it.
    const starts = !last || word.x - right(last) > CELL_GAP * size || word.x - right(last) < -0.4 * size;
    if (starts) cells.push([word]);
    else cells.at(-1)?.push(word);
    last = word;
  }
  return cells.map(toCell);
}

function toCell(words: readonly Word[]): Cell {
  let text = "";
  const placed: Cell["words"] = [];
  for (const word of words) {
    const last = placed.at(-1)?.word;
    if (last && word.x - right(last) > SPACE_GAP * Math.max(last.height, word.height)) text += " ";
    placed.push({ word, start: text.length, end: text.length + word.text.length });
    text += word.text;
  }
  return { ...around(words), text, plain: toPlain(text), words: placed };
}

/** The smallest rectangle that holds them all; there is at least one, and all are on one page. */
export function around(rectangles: readonly Rectangle[]): Rectangle {
  const x = Math.min(...rectangles.map((one) => one.x));
  const y = Math.min(...rectangles.map((one) => one.y));
  return {
    page: rectangles[0]?.page ?? 1,
    x,
    y,
    width: Math.max(...rectangles.map(right)) - x,
    height: Math.max(...rectangles.map(bottom)) - y,
  };
}

/** The words of a cell that hold a part of its text. */
export function wordsOf(cell: Cell, start: number, end: number): Word[] {
  return cell.words.filter((one) => one.start < end && one.end > start).map(({ word }) => word);
}
