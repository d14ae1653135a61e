import type { Media } from "../wasender/content.ts";
import { MediaError } from "./media-error.ts";

/** The largest file that is fetched, in bytes; the bucket has the same limit. */
export const MAX_FILE_BYTES = 20 * 1024 * 1024;

/** The address of a file, and what the message says about it. */
export type MediaSource = {
  url: URL;
  mediaKey: Buffer;
  fileSha256: Buffer | null;
  fileEncSha256: Buffer | null;
  /** Bytes of the plain file. */
  fileLength: number | null;
};

const CDN = "https://mmg.whatsapp.net";

/** Reads what is needed to fetch a file. @throws {MediaError} invalid_media, forbidden_host, empty or too_large. */
export function toMediaSource(media: Media): MediaSource {
  const mediaKey = bytesOf(media.mediaKey);
  if (mediaKey === null) throw new MediaError("invalid_media", "mediaKey is not 32 bytes in base64.");
  if (media.fileLength === 0) throw new MediaError("empty", "The message says that the file has no bytes.");
  if (media.fileLength && media.fileLength > MAX_FILE_BYTES) {
    throw new MediaError("too_large", `The message says ${media.fileLength} bytes.`);
  }
  return {
    url: requireCdn(addressOf(media)),
    mediaKey,
    fileSha256: hashOf(media.fileSha256, "fileSha256"),
    fileEncSha256: hashOf(media.fileEncSha256, "fileEncSha256"),
    fileLength: media.fileLength ?? null,
  };
}

function addressOf({ url, directPath }: Media): string {
  // A url without a path is a placeholder.
  if (url && URL.canParse(url) && new URL(url).pathname !== "/") return url;
  if (directPath && URL.canParse(directPath, CDN)) return new URL(directPath, CDN).href;
  throw new MediaError("invalid_media", "Neither url nor directPath leads to a file.");
}

/** WhatsApp's CDN and nothing else: the address comes from outside. @throws {MediaError} forbidden_host */
export function requireCdn(address: string): URL {
  const url = new URL(address);
  const ok =
    url.protocol === "https:" &&
    url.hostname.endsWith(".whatsapp.net") &&
    url.port === "" &&
    !url.username &&
    !url.password;
  if (!ok) throw new MediaError("forbidden_host", `${url.protocol}//${url.host} is not WhatsApp's CDN.`);
  return url;
}

function hashOf(text: string | null | undefined, name: string): Buffer | null {
  if (!text) return null;
  const bytes = bytesOf(text);
  if (bytes === null) throw new MediaError("invalid_media", `${name} is not 32 bytes in base64.`);
  return bytes;
}

/** 32 bytes from base64, in either alphabet. */
function bytesOf(text: string | null | undefined): Buffer | null {
  const bytes = Buffer.from(text ?? "", "base64");
  return bytes.byteLength === 32 ? bytes : null;
}
