import { type Reading, without } from "./bill.ts";
import { type Pages, readPages } from "./read-pages.ts";

/** `photos`: whether photos and scans are read; `onPhoto` is told as soon as the file turns out to be one. */
export type ReadOptions = { photos: boolean; onPhoto?: () => void };

/** A PDF with fewer characters is a scan. */
const LEAST_CHARACTERS = 250;
/** Pages of a scan that are read. */
const MOST_SCANS = 3;

/** Reads a file in this process. What a hostile file can do is then done to this process: see readBill. */
export async function readFile(file: Uint8Array, type: string, options: ReadOptions): Promise<Reading> {
  if (type === "application/pdf") return readPdfFile(file, options);
  if (!type.startsWith("image/")) return without("not_a_bill", "other", null, null);
  if (!options.photos) return without("needs_eyes", null, "photos_off", 1);
  options.onPhoto?.();
  const { readPhotos } = await import("./read-photos.ts");
  return readPhotos([file], 1);
}

async function readPdfFile(file: Uint8Array, options: ReadOptions): Promise<Reading> {
  const { getDocumentProxy } = await import("unpdf");
  const { readPdf } = await import("./read-pdf.ts");
  let pdf: Awaited<ReturnType<typeof getDocumentProxy>>;
  let pages: Pages;
  try {
    // 0: without its warnings, which would print what the file says.
    pdf = await getDocumentProxy(file, { verbosity: 0, isEvalSupported: false, stopAtErrors: false });
    pages = await readPdf(pdf);
  } catch (error) {
    const isLocked = error instanceof Error && error.name === "PasswordException";
    return isLocked ? without("needs_eyes", null, "password", null) : without("failed", null, "unreadable", null);
  }
  const characters = pages.words.reduce((sum, { text }) => sum + text.length, 0);
  if (characters >= LEAST_CHARACTERS) return readPages(pages).reading;
  const { pageImage } = await import("./page-images.ts");
  const images = [];
  for (let page = 1; page <= Math.min(pages.count, MOST_SCANS); page++) {
    const image = await pageImage(pdf, page).catch(() => null);
    if (image) images.push(image);
  }
  if (images.length === 0)
    return characters > 0 ? readPages(pages).reading : without("not_a_bill", "none", null, pages.count);
  if (!options.photos) return without("needs_eyes", null, "photos_off", pages.count);
  options.onPhoto?.();
  const { readPhotos } = await import("./read-photos.ts");
  return readPhotos(images, pages.count);
}
