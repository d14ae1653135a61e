import type { Sharp } from "sharp";
import { findAngle, isSideways } from "./find-angle.ts";
import type { Raw } from "./page-images.ts";

/** A page as it is read: grey, even, upright but for half a turn, in points of which an A4 page has about 3,000. */
export type Straight = { data: Uint8Array; width: number; height: number };
/** What the picture is of, if no text is found: paper that is not sharp, nothing at all, or something else. */
export type Look = "paper" | "blank" | "other";

const MOST_PIXELS = 60_000_000;
/** The longer side. Letters of nine points are then twenty-odd high, as the recogniser was trained on. */
const LONGER_SIDE = 3000;
const SMALL_SIDE = 900;
/** In a copy of this size the letters of a word are one. */
const WORDS_SIDE = 400;
/** In a copy of this size letters are gone, and shadows are left. */
const SHADOW_SIDE = 160;
const PAPER = 245;

/** Photos and scans upright (to half a turn), grey, large, and without shadows; sharp throws for what is no picture. */
export async function straighten(image: Uint8Array | Raw): Promise<{ page: Straight; look: Look }> {
  const { default: sharp } = await import("sharp");
  sharp.cache(false);
  sharp.concurrency(1);
  const open = () =>
    image instanceof Uint8Array
      ? sharp(image, { limitInputPixels: MOST_PIXELS, sequentialRead: true }).autoOrient()
      : sharp(image.data, { raw: { width: image.width, height: image.height, channels: image.channels } });
  const plain = await grey(open().resize({ width: LONGER_SIDE, height: LONGER_SIDE, fit: "inside", kernel: "cubic" }));
  const from = (one: Straight) => sharp(one.data, { raw: { width: one.width, height: one.height, channels: 1 } });
  const shrink = (one: Straight, side: number) => grey(from(one).resize({ width: side, height: side, fit: "inside" }));

  const shadow = await grey(
    from(await shrink(plain, SHADOW_SIDE))
      .median(9)
      .blur(4)
      .resize({ width: plain.width, height: plain.height, fit: "fill" }),
  );
  for (let i = 0; i < plain.data.length; i++) {
    plain.data[i] = Math.min(255, ((plain.data[i] ?? 0) * PAPER) / Math.max(1, shadow.data[i] ?? 1));
  }
  const look = await lookOf(open().resize(100, 100, { fit: "inside" }));
  const turned = isSideways(await shrink(plain, WORDS_SIDE)) ? await grey(from(plain).rotate(90)) : plain;
  const angle = findAngle(await shrink(turned, SMALL_SIDE));
  const page = Math.abs(angle) < 0.15 ? turned : await grey(from(turned).rotate(-angle, { background: "#fff" }));
  return { page, look };
}

/** Paper is light and has little colour; a picture of one shade shows nothing. */
async function lookOf(small: Sharp): Promise<Look> {
  const { channels } = await small.flatten({ background: "#fff" }).toColourspace("srgb").stats();
  const [red, green = red, blue = red] = channels;
  if (!red || !green || !blue) return "other";
  if (Math.max(red.stdev, green.stdev, blue.stdev) < 4) return "blank";
  const means = [red.mean, green.mean, blue.mean];
  const colour = Math.max(...means) - Math.min(...means);
  return Math.max(...means) > 110 && colour < 45 ? "paper" : "other";
}

async function grey(image: Sharp): Promise<Straight> {
  const { data, info } = await image
    .flatten({ background: "#fff" })
    .grayscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** The same page upside down, or lying on its left side. */
export async function turn({ data, width, height }: Straight, degrees: 90 | 180): Promise<Straight> {
  if (degrees === 180) return { data: data.toReversed(), width, height };
  const { default: sharp } = await import("sharp");
  return grey(sharp(data, { raw: { width, height, channels: 1 } }).rotate(90));
}
