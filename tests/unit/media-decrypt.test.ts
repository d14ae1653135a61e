import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { encryptMedia } from "../../dev/wasender/media.ts";
import { decrypt } from "../../lib/media/decrypt.ts";
import { MediaError } from "../../lib/media/media-error.ts";
import { deriveMediaKeys, type MediaType } from "../../lib/media/media-keys.ts";
import type { MediaSource } from "../../lib/media/media-source.ts";

const KEY = Buffer.from("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "hex");

describe("the keys are those that OpenSSL derives", () => {
  // openssl kdf -keylen 112 -kdfopt digest:SHA256 -kdfopt hexkey:<KEY> -kdfopt "info:WhatsApp Image Keys" HKDF
  // and so on, OpenSSL 3.0.19.
  it.each<[MediaType, string]>([
    [
      "image",
      "aa6a127218397cbd2383e4ccf7176a79008c9aea9b7c5d81eb56b3f530f87d42dcc92d27b11ad6b5bd66f0560d0d8c4691d09ffec108833c1699574c52657923fb6e3e161d9698bc6b3a05fbc508a515",
    ],
    [
      "document",
      "25e9d370804de0bb33ea5db79453db66b75c2bed8e162ad63dd02b6b9fbda46b8ad2692e99ed0f877d0ab48a86fff79094a393dafdca1265c99e197425de98f15f7d87d34714ea901f7eefc29c99e5ac",
    ],
    [
      "video",
      "f1dee5782cc4e2e7b07233b1e25de59b8564567ee06fa7006edab56a13c2b0a1431beb8efe698efad0f258e65feb5395259ad46118adcf3cd134ae881831c6865db31a8fa0bbce7bc3bcb9fcf369fcda",
    ],
    [
      "audio",
      "13f8935709c20e2e8b0680f81b0dd5fba61016c0347747b75bb8a8f6d7bcdb863ac5eb702662755054fe77db27b7c1c09ec93580944b6656b0babacf55026028ff6c68bb134a4fd082c12b5463a3bb79",
    ],
  ])("%s", (type, expected) => {
    const { iv, cipherKey, macKey } = deriveMediaKeys(KEY, type);
    expect(Buffer.concat([iv, cipherKey, macKey]).toString("hex")).toBe(expected);
  });
});

const source = (changed: Partial<MediaSource> = {}): MediaSource => ({
  url: new URL("https://mmg.whatsapp.net/x"),
  mediaKey: KEY,
  fileSha256: null,
  fileEncSha256: null,
  fileLength: null,
  ...changed,
});
async function* pieces(bytes: Uint8Array, size = 7) {
  for (let i = 0; i < bytes.byteLength; i += size) yield Buffer.from(bytes.subarray(i, i + size));
}
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => "stored",
    (error: unknown) => (error instanceof MediaError ? error.reason : error),
  );

it("reads a file that OpenSSL encrypted", async () => {
  // With the document's iv, cipher key and MAC key from above:
  // printf 'Bolletta di novembre' | openssl enc -aes-256-cbc -K <cipher key> -iv <iv> > c
  // (printf <iv> | xxd -r -p; cat c) | openssl dgst -sha256 -mac HMAC -macopt hexkey:<MAC key> -binary | head -c 10
  const encrypted = Buffer.from(
    "cd5dbdfdc142f077b020e7bc9dfd40213a9ae6bda924fb57793b21939b1ff8559dbd79987e4b77974672",
    "hex",
  );
  for (const size of [1, 9, 10, 11, 16, 1_000]) {
    const { bytes, sha256 } = await decrypt(pieces(encrypted, size), source(), "document");
    expect(bytes.toString()).toBe("Bolletta di novembre");
    expect(sha256.equals(createHash("sha256").update("Bolletta di novembre").digest())).toBe(true);
  }
});

it.each([1, 15, 16, 17, 4_096, 1_000_003])("gives back %i bytes as they were", async (size) => {
  const file = randomBytes(size);
  const made = encryptMedia(file, "image", KEY);
  const named = source({
    fileLength: size,
    fileSha256: Buffer.from(made.fileSha256, "base64"),
    fileEncSha256: Buffer.from(made.fileEncSha256, "base64"),
  });
  const { bytes } = await decrypt(pieces(made.encrypted, 65_536), named, "image");
  expect(bytes.equals(file)).toBe(true);
});

describe("what was changed is refused", () => {
  const file = Buffer.from("a bill, of some length, so that there is more than one block");
  const { encrypted, fileEncSha256, fileSha256 } = encryptMedia(file, "document", KEY);
  const flipped = (at: number) => {
    const copy = Buffer.from(encrypted);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };

  it("one bit anywhere, whether or not the message names the encrypted file's hash", async () => {
    for (let at = 0; at < encrypted.byteLength; at++) {
      expect(await reasonOf(decrypt(pieces(flipped(at)), source(), "document"))).toBe("wrong_mac");
      const named = source({ fileEncSha256: Buffer.from(fileEncSha256, "base64") });
      expect(await reasonOf(decrypt(pieces(flipped(at)), named, "document"))).toBe("wrong_encrypted_hash");
    }
  });

  it("another key, or the key of another kind of file", async () => {
    const named = source({ mediaKey: randomBytes(32), fileEncSha256: Buffer.from(fileEncSha256, "base64") });
    expect(await reasonOf(decrypt(pieces(encrypted), named, "document"))).toBe("wrong_mac");
    expect(await reasonOf(decrypt(pieces(encrypted), source(), "image"))).toBe("wrong_mac");
  });

  it("a file that ends early", async () => {
    for (const length of [0, 1, 9, 10, 11, 26, encrypted.byteLength - 1]) {
      const short = pieces(encrypted.subarray(0, length));
      expect(await reasonOf(decrypt(short, source({ fileLength: file.byteLength }), "document"))).toBe("truncated");
      const unnamed = await reasonOf(decrypt(pieces(encrypted.subarray(0, length)), source(), "document"));
      expect(unnamed).toBe(length === 0 ? "truncated" : "wrong_mac");
    }
  });

  it("another plain file, or another length, than the message names", async () => {
    const right = Buffer.from(fileSha256, "base64");
    const wrong = source({ fileSha256: randomBytes(32) });
    expect(await reasonOf(decrypt(pieces(encrypted), wrong, "document"))).toBe("wrong_hash");
    const shorter = source({ fileSha256: right, fileLength: file.byteLength - 1 });
    expect(await reasonOf(decrypt(pieces(encrypted), shorter, "document"))).toBe("wrong_length");
  });

  it("a file of no bytes, and one of more than 20 MB", async () => {
    const empty = encryptMedia(Buffer.alloc(0), "document", KEY);
    expect(await reasonOf(decrypt(pieces(empty.encrypted), source(), "document"))).toBe("empty");
    const large = encryptMedia(Buffer.alloc(20 * 1024 * 1024 + 1), "document", KEY);
    expect(await reasonOf(decrypt(pieces(large.encrypted, 1 << 20), source(), "document"))).toBe("too_large");
  });
});
