import { createDecipheriv, createHash, createHmac, type Decipheriv, timingSafeEqual } from "node:crypto";
import { MediaError } from "./media-error.ts";
import { deriveMediaKeys, type MediaType } from "./media-keys.ts";
import { MAX_FILE_BYTES, type MediaSource } from "./media-source.ts";

const MAC_BYTES = 10;
/** What encryption adds at most: a block of padding, and the MAC. */
export const MAX_ENCRYPTED_BYTES = MAX_FILE_BYTES + 16 + MAC_BYTES;

export type DecryptedFile = { bytes: Buffer; sha256: Buffer };

/**
 * Decrypts a file while it comes, and checks it when all of it is there: nothing of it is given out before. It is in
 * memory once: each piece is decrypted into its place and forgotten.
 *
 * @throws {MediaError} truncated, wrong_encrypted_hash, wrong_mac, wrong_hash, wrong_length, empty or too_large.
 */
export async function decrypt(
  encrypted: AsyncIterable<Buffer>,
  source: MediaSource,
  type: MediaType,
): Promise<DecryptedFile> {
  const { iv, cipherKey, macKey } = deriveMediaKeys(source.mediaKey, type);
  const decipher = createDecipheriv("aes-256-cbc", cipherKey, iv);
  const mac = createHmac("sha256", macKey).update(iv);
  const encryptedHash = createHash("sha256");
  const file = growing(source.fileLength ?? 0);
  let received = 0;
  // The last ten bytes are the MAC, and which are the last is known at the end.
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of encrypted) {
    received += chunk.byteLength;
    encryptedHash.update(chunk);
    const bytes = Buffer.concat([held, chunk]);
    const ciphertext = bytes.subarray(0, Math.max(0, bytes.byteLength - MAC_BYTES));
    held = Buffer.from(bytes.subarray(ciphertext.byteLength));
    mac.update(ciphertext);
    file.add(decipher.update(ciphertext));
  }

  const { fileLength, fileEncSha256, fileSha256 } = source;
  if (received === 0 || (fileLength !== null && received < encryptedLength(fileLength))) {
    throw new MediaError("truncated", `${received} bytes came.`);
  }
  if (fileEncSha256 && !timingSafeEqual(encryptedHash.digest(), fileEncSha256)) {
    throw new MediaError("wrong_encrypted_hash", "What came is not the file that the message names.");
  }
  const expected = mac.digest().subarray(0, MAC_BYTES);
  if (held.byteLength !== MAC_BYTES || !timingSafeEqual(expected, held)) {
    throw new MediaError("wrong_mac", "The key does not fit the file, or the file was changed.");
  }
  file.add(lastBlock(decipher));
  const bytes = file.bytes();
  const sha256 = createHash("sha256").update(bytes).digest();
  if (fileSha256 && !timingSafeEqual(sha256, fileSha256))
    throw new MediaError("wrong_hash", "The plain file's hash differs.");
  if (fileLength !== null && bytes.byteLength !== fileLength) {
    throw new MediaError("wrong_length", `${bytes.byteLength} bytes instead of ${fileLength}.`);
  }
  if (bytes.byteLength === 0) throw new MediaError("empty", "The file has no bytes.");
  return { bytes, sha256 };
}

function lastBlock(decipher: Decipheriv): Buffer {
  try {
    return decipher.final();
  } catch {
    throw new MediaError("wrong_mac", "The padding is wrong.");
  }
}

/** CBC fills the last block, or adds one. */
const encryptedLength = (plain: number) => plain - (plain % 16) + 16 + MAC_BYTES;

/** Bytes that are added piece by piece; room is made at first for as many as are expected, then for twice as many. */
function growing(expected: number) {
  let buffer = Buffer.allocUnsafe(Math.min(MAX_FILE_BYTES, expected || 64 * 1024) + 32);
  let length = 0;
  return {
    add: (piece: Buffer) => {
      if (length + piece.byteLength > MAX_FILE_BYTES)
        throw new MediaError("too_large", `More than ${MAX_FILE_BYTES} bytes.`);
      if (length + piece.byteLength > buffer.byteLength) {
        const larger = Buffer.allocUnsafe(Math.max(buffer.byteLength * 2, length + piece.byteLength));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      length += piece.copy(buffer, length);
    },
    bytes: () => buffer.subarray(0, length),
  };
}
