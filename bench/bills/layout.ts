import type { Printed } from "./facts.ts";
import type { Random } from "./random.ts";

/** A text at a place on a page, in points; `size` is that of its letters. */
export type Piece = { page: number; x: number; y: number; size: number; text: string };

type Frame = { page: number; x: number; y: number; width: number };
type Style = (facts: readonly Printed[], frame: Frame, size: number, random: Random) => Piece[];
const BOTTOM = 740;
/** As wide as letters are on average, in parts of their size. */
export const LETTER = 0.52;

const at = (frame: Frame, dx: number, dy: number, size: number, text: string): Piece => ({
  page: frame.page,
  x: frame.x + dx,
  y: frame.y + dy,
  size,
  text,
});

/** The shapes in which suppliers print labels and values. */
const STYLES: Record<string, Style> = {
  table: (facts, frame, size, random) => {
    const column = Math.max(...facts.map(({ label }) => label.length)) * size * LETTER + random.int(12, 40);
    return facts.flatMap(({ label, value }, i) => [
      at(frame, 0, i * size * 1.8, size, label),
      at(frame, column, i * size * 1.8, size, value),
    ]);
  },
  right: (facts, frame, size) =>
    facts.flatMap(({ label, value }, i) => [
      at(frame, 0, i * size * 1.7, size, label),
      at(
        frame,
        Math.max(frame.width - value.length * size * LETTER, (label.length + 4) * size * LETTER),
        i * size * 1.7,
        size,
        value,
      ),
    ]),
  stacked: (facts, frame, size) =>
    facts.flatMap(({ label, value }, i) => [
      at(frame, 0, i * size * 3.6, size, label),
      at(frame, 0, i * size * 3.6 + size * 1.4, size, value),
    ]),
  inline: (facts, frame, size, random) => {
    const joint = random.pick([": ", " ", ":", " : "]);
    return facts.map(({ label, value }, i) => at(frame, 0, i * size * 1.5, size, `${label}${joint}${value}`));
  },
  paired: (facts, frame, size, random) => {
    const joint = random.pick([" - ", "; ", ", "]);
    const texts = facts.map(({ label, value }) => `${label}: ${value}`);
    const lines = Array.from({ length: Math.ceil(texts.length / 2) }, (_, i) =>
      texts.slice(2 * i, 2 * i + 2).join(joint),
    );
    return lines.map((text, i) => at(frame, 0, i * size * 1.5, size, text));
  },
  head: (facts, frame, size) => {
    let [x, y] = [0, 0];
    return facts.flatMap(({ label, value }) => {
      const width = Math.max(label.length, value.length) * size * LETTER + 1.6 * size;
      if (x > 0 && x + width > Math.max(frame.width, 250)) [x, y] = [0, y + size * 4.2];
      const pieces = [at(frame, x, y, size, label), at(frame, x, y + size * 1.5, size, value)];
      x += width;
      return pieces;
    });
  },
  wrapped: (facts, frame, size) =>
    facts.flatMap(({ column, label, value }, i) => {
      const words = value.split(" ");
      const half = column === "holder" || column === "address" ? Math.ceil(words.length / 2) : words.length;
      const lines = [label, words.slice(0, half).join(" "), words.slice(half).join(" ")];
      return lines.flatMap((text, n) =>
        text === "" ? [] : [at(frame, 0, i * size * 4.8 + n * size * 1.25, size, text)],
      );
    }),
  large: (facts, frame, size) =>
    facts.flatMap(({ label, value }, i) => [
      at(frame, 0, i * size * 4, size, label),
      at(frame, 0, i * size * 4 + size * 1.5, size * 1.5, value),
    ]),
};

/** Places facts in blocks, each in a style of its own, in one or two columns on as many pages as they need. */
export function layOut(facts: readonly Printed[], random: Random): { pieces: Piece[]; styles: string[] } {
  const pieces: Piece[] = [];
  const styles: string[] = [];
  const columns = random.pick([1, 1, 2]);
  const frames: Frame[] = Array.from({ length: columns }, (_, i) => ({
    page: 1,
    x: 40 + i * 275,
    y: 130,
    width: columns === 1 ? 500 : 240,
  }));
  const bands = facts.filter(({ column }) => column?.startsWith("kwh_f"));
  const others = facts.filter((fact) => !bands.includes(fact));
  const blocks: Printed[][] = [];
  for (let i = 0; i < others.length; ) {
    const count = random.int(2, 6);
    blocks.push(others.slice(i, i + count));
    i += count;
  }
  if (bands.length > 0) blocks.splice(random.int(0, blocks.length), 0, bands);
  for (const block of blocks) {
    const frame = random.pick(frames);
    const narrow = columns === 2;
    const fits = Object.keys(STYLES).filter((name) => !(narrow && ["paired", "head", "table", "right"].includes(name)));
    const name = random.pick(fits);
    const longest = Math.max(...block.map(({ label, value }) => label.length + value.length + 3));
    const room = name === "paired" ? frame.width / 2 : name === "large" ? frame.width / 1.5 : frame.width;
    const size = Math.min(random.pick([7.5, 8, 9, 9, 10, 11]), room / longest / LETTER);
    let made = STYLES[name]?.(block, frame, size, random) ?? [];
    if (frame.y > 60 && made.some(({ y }) => y > BOTTOM + 25)) {
      Object.assign(frame, { page: frame.page + 1, y: 60 });
      made = STYLES[name]?.(block, frame, size, random) ?? [];
    }
    styles.push(name);
    pieces.push(...made);
    frame.y = Math.max(...made.map(({ y }) => y)) + size * random.pick([2.5, 3, 5]);
    if (frame.y > BOTTOM) Object.assign(frame, { page: frame.page + 1, y: 60 });
  }
  return { pieces, styles };
}
