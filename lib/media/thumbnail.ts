import { log } from "../log.ts";

/** The longer side of a thumbnail, in pixels. */
const THUMBNAIL_PIXELS = 480;
/** More than any telephone's camera takes; a file of a few bytes may claim to be larger than memory. */
const MOST_PIXELS = 120_000_000;
const TIMEOUT_SECONDS = 10;

/**
 * A photo upright and small as WebP, without what the camera wrote into it (place, time); null if it cannot be read.
 */
export async function makeThumbnail(image: Uint8Array): Promise<Buffer | null> {
  try {
    // Only here: the library is large, and a webhook without a photo need not wait for it.
    const { default: sharp } = await import("sharp");
    // One image at a time, and nothing kept: a function has little memory.
    sharp.cache(false);
    sharp.concurrency(1);
    return await sharp(image, { limitInputPixels: MOST_PIXELS, sequentialRead: true })
      .autoOrient()
      .resize({ width: THUMBNAIL_PIXELS, height: THUMBNAIL_PIXELS, fit: "inside", withoutEnlargement: true })
      .webp({ quality: 75 })
      .timeout({ seconds: TIMEOUT_SECONDS })
      .toBuffer();
  } catch (error) {
    // The photo itself is kept all the same.
    log("warn", "thumbnail", { error: error instanceof Error ? error.message : String(error) });
    return null;
  }
}
