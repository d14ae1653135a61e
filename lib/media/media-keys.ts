import { hkdfSync } from "node:crypto";

/** The messages whose files are fetched. */
export type MediaType = "image" | "document" | "video" | "audio";

/** What a file was encrypted with. */
export type MediaKeys = { iv: Buffer; cipherKey: Buffer; macKey: Buffer };

const INFO: Record<MediaType, string> = {
  image: "WhatsApp Image Keys",
  document: "WhatsApp Document Keys",
  video: "WhatsApp Video Keys",
  audio: "WhatsApp Audio Keys",
};

/** HKDF-SHA256 of a message's media key (32 bytes), empty salt, 112 bytes (as public WhatsApp clients do). */
export function deriveMediaKeys(mediaKey: Uint8Array, type: MediaType): MediaKeys {
  const bytes = Buffer.from(hkdfSync("sha256", mediaKey, Buffer.alloc(0), INFO[type], 112));
  return { iv: bytes.subarray(0, 16), cipherKey: bytes.subarray(16, 48), macKey: bytes.subarray(48, 80) };
}
