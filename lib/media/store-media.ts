import type { bucket } from "../supabase/bucket.ts";
import type { ClaimedMedia } from "../supabase/media/claim-media.ts";
import type { StoredMedia } from "../supabase/media/settle-media.ts";
import { decrypt, MAX_ENCRYPTED_BYTES } from "./decrypt.ts";
import { download } from "./download.ts";
import { toFileKind } from "./file-kind.ts";
import { MediaError } from "./media-error.ts";
import { toMediaSource } from "./media-source.ts";
import { makeThumbnail } from "./thumbnail.ts";

/**
 * Fetches one file from WhatsApp, checks it, and puts it into the bucket with its thumbnail. Its place follows from the
 * message and the content, so that doing it twice changes nothing.
 *
 * @throws {MediaError} with the reason if it cannot be stored.
 */
export async function storeMedia(
  { id, type, media, folder }: ClaimedMedia,
  files: ReturnType<typeof bucket>,
  downloadTimeoutMs?: number,
): Promise<StoredMedia> {
  const source = toMediaSource(media);
  const { bytes, sha256 } = await decrypt(download(source.url, MAX_ENCRYPTED_BYTES, downloadTimeoutMs), source, type);
  const claim = { type, mimeType: media.mimetype ?? null, fileName: media.fileName ?? media.title ?? null };
  const { kind, mimeType, extension } = await toFileKind(bytes, claim);
  const thumbnail = kind === "image" ? await makeThumbnail(bytes) : null;

  const name = `${folder}/${id}-${sha256.toString("hex").slice(0, 12)}`;
  const path = `${name}.${extension}`;
  const thumbPath = thumbnail ? `${name}.thumb.webp` : null;
  try {
    await files.upload(path, bytes, mimeType);
    if (thumbnail && thumbPath) await files.upload(thumbPath, thumbnail, "image/webp");
  } catch (error) {
    throw new MediaError("storage_failed", error instanceof Error ? error.message : String(error));
  }
  return {
    path,
    thumb_path: thumbPath,
    mime_type: mimeType,
    size: bytes.byteLength,
    pages: kind === "pdf" ? (media.pageCount ?? null) : null,
    sha256: sha256.toString("hex"),
  };
}
