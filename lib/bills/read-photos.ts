import { type Reading, without } from "./bill.ts";
import type { Word } from "./cell.ts";
import { confirm } from "./confirm.ts";
import type { Raw } from "./page-images.ts";
import { type ReadPages, readPages } from "./read-pages.ts";
import { A4_HEIGHT, type Recogniser, startRecogniser } from "./recognise.ts";
import { type Look, type Straight, straighten, turn } from "./straighten.ts";

/** What is read upside down has words too, of a lower confidence. */
const UPRIGHT = 0.62;
/** A page of which fewer words are understood holds no text, or is not sharp. */
const LEAST_WORDS = 8;
/** A scan's further pages are left out after this time, so that the first ones are told. */
const ENOUGH_MS = 20_000;

/** Reads photos or scans, each of which is a page; `count` is the number of pages of the file. */
export async function readPhotos(images: readonly (Uint8Array | Raw)[], count: number): Promise<Reading> {
  const begin = Date.now();
  const pages: { page: Straight; look: Look }[] = [];
  for (const image of images) {
    const straight = await straighten(image).catch(() => null);
    if (straight) pages.push(straight);
  }
  if (pages.length === 0) return without("failed", null, "unreadable", null);
  if (pages.every(({ look }) => look === "blank")) return without("not_a_bill", "none", null, count);
  const recogniser = await startRecogniser();
  try {
    const words: Word[] = [];
    const upright: Straight[] = [];
    for (const [i, { page }] of pages.entries()) {
      if (i > 0 && Date.now() - begin > ENOUGH_MS) break;
      const best = await readUpright(recogniser, page, i + 1);
      words.push(...best.words);
      upright.push(best.page);
    }
    if (words.filter(isClear).length < LEAST_WORDS) {
      const isPaper = pages.some(({ look }) => look === "paper");
      return isPaper ? without("needs_eyes", null, "too_little", count) : without("not_a_bill", "other", null, count);
    }
    const sizes = upright.map(({ width, height }) => {
      const scale = A4_HEIGHT / Math.max(width, height);
      return { width: width * scale, height: height * scale };
    });
    const first = readPages({ words, sizes, count, isPhoto: true });
    if (!lacksMost(first) || Date.now() - begin > ENOUGH_MS) return await confirm(first, upright, recogniser);
    const columns: Word[] = [];
    for (const [i, page] of upright.entries()) columns.push(...(await recogniser.page(page, i + 1, true)));
    const second = readPages({ words: columns, sizes, count, isPhoto: true });
    return await confirm(factsIn(second) > factsIn(first) ? second : first, upright, recogniser);
  } finally {
    await recogniser.close();
  }
}

const factsIn = ({ facts }: ReadPages) => facts.reduce((sum, one) => sum + one.size, 0);

/** A bill without POD or period: two columns, perhaps, whose lines were taken for one. */
const lacksMost = ({ reading, facts }: ReadPages) =>
  reading.state !== "not_a_bill" && !facts.some((one) => one.has("pod") && one.has("period_from"));

const isClear = ({ confidence, text }: Word) => confidence > 0.7 && /\p{L}{3}|\d{2}/u.test(text);

/** How well a page is understood: the share of its letters that are in words of some confidence. */
function quality(words: readonly Word[]): number {
  const letters = (some: readonly Word[]) => some.reduce((sum, { text }) => sum + text.length, 0);
  return words.length < LEAST_WORDS ? 0 : letters(words.filter(isClear)) / letters(words);
}

/** Tries the page as it is, upside down, and on its sides, until it is understood. */
async function readUpright(recogniser: Recogniser, first: Straight, number: number) {
  let page = first;
  let best = { page, words: await recogniser.page(page, number) };
  for (const degrees of [180, 90, 180] as const) {
    if (quality(best.words) > UPRIGHT) break;
    page = await turn(page, degrees);
    const words = await recogniser.page(page, number);
    if (quality(words) > quality(best.words)) best = { page, words };
  }
  return best;
}
