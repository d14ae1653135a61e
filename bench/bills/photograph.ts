import sharp from "sharp";

/** How a page is photographed: turned by degrees, with a hand's shadow or not, as large and as compressed as WhatsApp sends it. */
export type Shot = { name: string; degrees: number; shadow: boolean };

export const SHOTS: readonly Shot[] = [
  { name: "upright", degrees: 0, shadow: false },
  { name: "turned by 3°", degrees: 3, shadow: false },
  { name: "on its side", degrees: 90, shadow: false },
  { name: "with a hand's shadow", degrees: -2, shadow: true },
];
const LONGER_SIDE = 1600;

/** A photo of a page (PNG), as a JPEG. */
export async function photograph(page: Uint8Array, { degrees, shadow }: Shot): Promise<Buffer> {
  const { data, info } = await sharp(page)
    .flatten({ background: "#fff" })
    .resize({ width: LONGER_SIDE, height: LONGER_SIDE, fit: "inside" })
    .toBuffer({ resolveWithObject: true });
  const hand = `<svg width="${info.width}" height="${info.height}"><defs><radialGradient id="h" cx="0.65" cy="0.6" r="0.5"><stop offset="0.4" stop-color="#000" stop-opacity="0.55"/><stop offset="1" stop-color="#000" stop-opacity="0.08"/></radialGradient></defs><rect width="100%" height="100%" fill="url(#h)"/></svg>`;
  const lit = shadow
    ? await sharp(data)
        .composite([{ input: Buffer.from(hand) }])
        .toBuffer()
    : data;
  return sharp(lit)
    .rotate(degrees, { background: "#8a7a68" })
    .resize({ width: LONGER_SIDE, height: LONGER_SIDE, fit: "inside" })
    .blur(0.5)
    .jpeg({ quality: 75 })
    .toBuffer();
}
