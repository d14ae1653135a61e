import { deflateSync } from "node:zlib";
import type { Random } from "./random.ts";

export type Hostile = { name: string; type: string; bytes: Uint8Array };

/** Something broken, hostile or random, made of a good PDF and a good picture. */
export function makeHostile(random: Random, pdf: Uint8Array, picture: Uint8Array): Hostile {
  const isPdf = random.chance(0.6);
  const good = isPdf ? pdf : picture;
  const type = isPdf ? "application/pdf" : "image/jpeg";
  const name = random.pick(["cut", "flipped", "random", "header", "repeated", "bomb", "pages", "empty", "swapped"]);
  return { name: `${name} ${isPdf ? "PDF" : "picture"}`, type, bytes: MAKERS[name]?.(good, random, isPdf) ?? good };
}

type Maker = (good: Uint8Array, random: Random, isPdf: boolean) => Uint8Array;
const noise = (length: number, random: Random) => Uint8Array.from({ length }, () => random.int(0, 255));
const text = (words: string) => new TextEncoder().encode(words);

const MAKERS: Record<string, Maker> = {
  cut: (good, random) => good.slice(0, random.int(1, good.length)),
  flipped: (good, random) => {
    const bytes = good.slice();
    for (let i = random.int(1, 400); i > 0; i--) bytes[random.int(0, bytes.length - 1)] = random.int(0, 255);
    return bytes;
  },
  random: (_, random) => noise(random.int(1, 20_000), random),
  header: (good, random) => Buffer.concat([good.slice(0, 64), noise(random.int(1, 20_000), random)]),
  repeated: (good, random) => Buffer.concat(Array.from({ length: random.int(2, 20) }, () => good)),
  /** A stream of some kilobytes that unpacks to 200 MB, or a picture that claims to be 60,000 points wide. */
  bomb: (_, random, isPdf) =>
    isPdf ? onePage(deflateSync(Buffer.alloc(random.int(20, 200) * 1_000_000, 0x20))) : wide(),
  /** Thousands of pages, or a tree of pages that holds itself. */
  pages: (_, random) =>
    random.chance(0.5)
      ? manyPages(random.int(500, 5_000))
      : text(`${HEAD}2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9999>>endobj\ntrailer<</Root 1 0 R>>`),
  empty: () => new Uint8Array(0),
  swapped: (good) => good.toReversed(),
};

const HEAD = "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n";

function onePage(stream: Uint8Array): Uint8Array {
  return Buffer.concat([
    text(
      `${HEAD}2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n4 0 obj<</Filter/FlateDecode/Length ${stream.length}>>stream\n`,
    ),
    stream,
    text("\nendstream endobj\ntrailer<</Root 1 0 R>>"),
  ]);
}

function manyPages(count: number): Uint8Array {
  const kids = Array.from({ length: count }, (_, i) => `${i + 3} 0 R`).join(" ");
  const pages = Array.from(
    { length: count },
    (_, i) => `${i + 3} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n`,
  );
  return text(
    `${HEAD}2 0 obj<</Type/Pages/Kids[${kids}]/Count ${count}>>endobj\n${pages.join("")}trailer<</Root 1 0 R>>`,
  );
}

/** The head of a BMP-like claim in a PNG: 60,000 by 60,000 points and nothing behind it. */
function wide(): Uint8Array {
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
    Buffer.from("0000ea600000ea600802000000", "hex"),
    Buffer.alloc(4),
  ]);
}
