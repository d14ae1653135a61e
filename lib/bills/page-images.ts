import { extractImages, type getDocumentProxy } from "unpdf";

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;
/** A picture's bytes as they are: one, three or four for each point. */
export type Raw = { data: Uint8ClampedArray | Uint8Array; width: number; height: number; channels: 1 | 3 | 4 };

/** Smaller ones are logos. */
const LEAST_SIDE = 500;

/** The picture of a scanned page: its largest one, or the stripes that a scanner cut it into. */
export async function pageImage(pdf: Pdf, page: number): Promise<Raw | null> {
  const images = await extractImages(pdf, page);
  const [largest] = images.toSorted((a, b) => b.width * b.height - a.width * a.height);
  if (!largest) return null;
  const stripes = images.filter(({ width, channels }) => width === largest.width && channels === largest.channels);
  const height = stripes.reduce((sum, one) => sum + one.height, 0);
  if (largest.width < LEAST_SIDE || height < LEAST_SIDE) return null;
  if (stripes.length === 1) return largest;
  return { ...largest, height, data: Buffer.concat(stripes.map(({ data }) => Buffer.from(data))) };
}
