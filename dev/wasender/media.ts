import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";

export type MediaKind = "image" | "document" | "video" | "audio";

/** A file as WhatsApp's CDN holds it, and what a message says of it (all in base64). */
export type EncryptedMedia = {
  encrypted: Buffer;
  mediaKey: string;
  fileSha256: string;
  fileEncSha256: string;
  /** Of the plain file, in bytes, as the string that WhatsApp sends. */
  fileLength: string;
};

const INFO: Record<MediaKind, string> = {
  image: "WhatsApp Image Keys",
  document: "WhatsApp Document Keys",
  video: "WhatsApp Video Keys",
  audio: "WhatsApp Audio Keys",
};

/**
 * Encrypts a file as WhatsApp does: HKDF-SHA256 of the media key (empty salt) → iv, cipher key, MAC key; AES-256-CBC,
 * then the first 10 bytes of HMAC-SHA256 over iv and ciphertext (as public WhatsApp clients do).
 */
export function encryptMedia(file: Uint8Array, kind: MediaKind, mediaKey = randomBytes(32)): EncryptedMedia {
  const keys = Buffer.from(hkdfSync("sha256", mediaKey, Buffer.alloc(0), INFO[kind], 112));
  const iv = keys.subarray(0, 16);
  const cipher = createCipheriv("aes-256-cbc", keys.subarray(16, 48), iv);
  const ciphertext = Buffer.concat([cipher.update(file), cipher.final()]);
  const mac = createHmac("sha256", keys.subarray(48, 80)).update(iv).update(ciphertext).digest().subarray(0, 10);
  const encrypted = Buffer.concat([ciphertext, mac]);
  return {
    encrypted,
    mediaKey: mediaKey.toString("base64"),
    fileSha256: createHash("sha256").update(file).digest("base64"),
    fileEncSha256: createHash("sha256").update(encrypted).digest("base64"),
    fileLength: String(file.byteLength),
  };
}
