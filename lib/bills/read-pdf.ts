import type { getDocumentProxy } from "unpdf";
import type { Word } from "./cell.ts";
import type { Pages } from "./read-pages.ts";

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** Pages that are read; a bill's facts are on the first ones. */
const MOST_PAGES = 12;
const MOST_WORDS = 60_000;
/** Letter heights in points: what is smaller cannot be read by people either. */
const LETTERS = { least: 2, most: 120 };

/** The words of a PDF with their places. */
export async function readPdf(pdf: Pdf): Promise<Pages> {
  const pages: Pages = { words: [], sizes: [], count: pdf.numPages, isPhoto: false };
  for (let number = 1; number <= Math.min(pdf.numPages, MOST_PAGES); number++) {
    const page = await pdf.getPage(number);
    const { width, height, transform } = page.getViewport({ scale: 1 });
    pages.sizes.push({ width, height });
    const { items } = await page.getTextContent();
    for (const item of items) {
      if (!("str" in item) || item.str.trim() === "" || pages.words.length > MOST_WORDS) continue;
      pages.words.push(...wordsOf(item.str, item.width, multiply(transform, item.transform), number));
    }
    page.cleanup();
  }
  return pages;
}

/** The words of a piece of text; none if it does not run from left to right, as what is printed along an edge. */
function wordsOf(text: string, width: number, [a, b, c, d, x, y]: Matrix, page: number): Word[] {
  const size = Math.hypot(c, d);
  const runs = a > 0 && Math.abs(b) < 0.1 * a && d < 0;
  if (!runs || size < LETTERS.least || size > LETTERS.most || ![x, y, width].every(Number.isFinite)) return [];
  // Letters have different widths; as a word's place this is near enough.
  const step = width / text.length;
  const height = size * 0.72;
  return [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
    text: word,
    page,
    x: x + index * step,
    y: y - height,
    width: word.length * step,
    height: size * 0.92,
    confidence: 1,
  }));
}

type Matrix = readonly [number, number, number, number, number, number];

function multiply(m: readonly number[], n: readonly number[]): Matrix {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = m;
  const [g = 1, h = 0, i = 0, j = 1, k = 0, l = 0] = n;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}
