import { inflateSync } from "node:zlib";

// A file that is made to be slow to read is given up instead.
const MOST_STREAMS = 200;
const MOST_INFLATED_BYTES = 1024 * 1024;
const MOST_NODES = 500;
/** Enough for a tree of some thousand pages without branches. */
const LONGEST_DICTIONARY = 32_000;
const MOST_PAGES = 100_000;

/**
 * How many pages a PDF has, or null if it does not say so plainly (it may be encrypted). The root of the page tree
 * counts all of them; it stands in the file itself or, since PDF 1.5, in a compressed object stream
 * (ISO 32000-1, 7.5.7 and 7.7.3).
 */
export function countPdfPages(pdf: Buffer): number | null {
  const counts: number[] = [];
  let streams = 0;
  let nodes = 0;
  const look = (text: string) => {
    for (const { index } of text.matchAll(/\/Type\s{0,9}\/Pages\b/g)) {
      if (++nodes > MOST_NODES) return;
      const count = /\/Count\s{1,9}(\d{1,6})\b/.exec(dictionaryAround(text, index))?.[1];
      if (count !== undefined) counts.push(Number(count));
    }
  };

  const text = pdf.toString("latin1");
  look(text);
  for (const { index } of text.matchAll(/\/Type\s{0,9}\/ObjStm\b/g)) {
    if (++streams > MOST_STREAMS) break;
    const begin = /stream\r?\n/g;
    begin.lastIndex = index;
    if (!begin.exec(text)) break;
    const end = text.indexOf("endstream", begin.lastIndex);
    if (end < 0) break;
    try {
      const inflated = inflateSync(pdf.subarray(begin.lastIndex, end), { maxOutputLength: MOST_INFLATED_BYTES });
      look(inflated.toString("latin1"));
    } catch {
      // Encrypted, or compressed in another way.
    }
  }
  // Branches of the tree count fewer than its root.
  const most = Math.max(0, ...counts);
  return most > 0 && most <= MOST_PAGES ? most : null;
}

/** The dictionary (<<…>>) in which a place lies, without what lies around it. */
function dictionaryAround(text: string, place: number): string {
  const isAt = (i: number, sign: "<" | ">") => text[i] === sign && text[i + 1] === sign;
  let from = place;
  for (let depth = 0, i = place - 2; i >= 0 && i > place - LONGEST_DICTIONARY; i--) {
    if (isAt(i, ">")) depth++;
    else if (isAt(i, "<")) depth--;
    else continue;
    from = i--;
    if (depth < 0) break;
  }
  let to = place;
  for (let depth = 0, i = place; i < text.length - 1 && i < place + LONGEST_DICTIONARY; i++) {
    to = i;
    if (isAt(i, "<")) depth++;
    else if (isAt(i, ">")) depth--;
    else continue;
    i++;
    if (depth < 0) break;
  }
  return text.slice(from, to);
}
