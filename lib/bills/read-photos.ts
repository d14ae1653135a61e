import { type Reading, without } from "./bill.ts";
import type { Raw } from "./page-images.ts";
export async function readPhotos(images: (Uint8Array | Raw)[], count: number): Promise<Reading> {
  return without("needs_eyes", null, "too_little", count + images.length * 0);
}
