import type { Column, Reading } from "./bill.ts";
import { around } from "./cell.ts";
import { bare } from "./choose.ts";
import type { Facts } from "./fact.ts";
import { findPods } from "./find-pods.ts";
import type { ReadPages } from "./read-pages.ts";
import { A4_HEIGHT, type Recogniser } from "./recognise.ts";
import type { Straight } from "./straighten.ts";

/** What was read with less confidence is checked by a person. */
const LEAST_CONFIDENCE = 0.8;
const LEAST_CONFIDENCE_OF_POD = 0.4;
/** Columns whose value is a word of a closed list: a wrong letter does not make another of it. */
const CLOSED: readonly Column[] = ["supplier", "voltage", "use", "measured"];
const MARGIN = 3;
const ENLARGED = 1.5;

/**
 * Reads the words of each sure value a second time, alone and larger. Where the two differ the value is no longer sure:
 * a recogniser's mistake in a digit looks like any other number.
 */
export async function confirm(
  { reading, facts: supplies }: ReadPages,
  pages: readonly Straight[],
  recogniser: Recogniser,
): Promise<Reading> {
  const { default: sharp } = await import("sharp");
  const known = new Map<string, boolean>();
  const isConfirmed = async (column: Column, facts: Facts): Promise<boolean> => {
    const fact = facts.get(column);
    if (!fact || fact.words.length === 0) return false;
    // The recogniser doubts every POD, which is no word; its shape is checked instead.
    const least = column === "pod" ? LEAST_CONFIDENCE_OF_POD : LEAST_CONFIDENCE;
    if (fact.words.some(({ confidence }) => confidence < least)) return false;
    if (CLOSED.includes(column)) return true;
    const lines = Map.groupBy(fact.words, ({ y }) => y);
    for (const words of lines.values()) {
      const place = around(words);
      const key = JSON.stringify(place);
      if (!known.has(key)) {
        const page = pages[place.page - 1];
        if (!page) return false;
        const scale = Math.max(page.width, page.height) / A4_HEIGHT;
        const left = Math.max(0, Math.floor((place.x - MARGIN) * scale));
        const top = Math.max(0, Math.floor((place.y - MARGIN / 2) * scale));
        const width = Math.min(page.width - left, Math.ceil((place.width + 2 * MARGIN) * scale));
        const height = Math.min(page.height - top, Math.ceil((place.height + MARGIN) * scale));
        const png = await sharp(page.data, { raw: { width: page.width, height: page.height, channels: 1 } })
          .extract({ left, top, width, height })
          .resize({ width: Math.round(width * ENLARGED) })
          .extend({ top: 20, bottom: 20, left: 20, right: 20, background: "#fff" })
          .png()
          .toBuffer();
        const first = words.map(({ text }) => text).join(" ");
        const second = await recogniser.line(png);
        const pods = findPods(second, true);
        known.set(key, bare(second).includes(bare(first)) || pods.some(({ pod }) => pod === fact.value));
      }
      if (!known.get(key)) return false;
    }
    return true;
  };
  const checked = await Promise.all(
    reading.supplies.map(async (supply, i) => {
      const evidence = { ...supply.evidence };
      for (const column of Object.keys(evidence) as Column[]) {
        const one = evidence[column];
        if (one?.sure) evidence[column] = { ...one, sure: await isConfirmed(column, supplies[i] ?? new Map()) };
      }
      return { ...supply, evidence };
    }),
  );
  return { ...reading, supplies: checked };
}
