import { fileTypeFromBuffer } from "file-type";
import { MediaError } from "./media-error.ts";
import type { MediaType } from "./media-keys.ts";

/** What a file is, by its content. */
export type FileKind = {
  kind: "image" | "pdf" | "sound" | "other";
  /** As it is stored and served: `application/octet-stream` unless it is a known image, PDF, sound or film. */
  mimeType: string;
  extension: string;
};

/** What a message says that a file is. */
export type FileClaim = { type: MediaType; mimeType: string | null; fileName: string | null };

/** What a browser shows without running anything in it. */
const IMAGES = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/heif"];

/**
 * Determines a file's kind by its content. An image or a PDF is taken for what it is, whatever it claims; but what
 * claims to be an image, a PDF, a sound or a film and is something else is refused: it was made to be opened by
 * mistake.
 *
 * @throws {MediaError} type_mismatch
 */
export async function toFileKind(bytes: Uint8Array, claim: FileClaim): Promise<FileKind> {
  const kind = await byContent(bytes);
  const claimed = claimedKind(claim);
  const fits = kind.kind === claimed || kind.kind === "image" || kind.kind === "pdf" || claimed === "other";
  if (!fits) throw new MediaError("type_mismatch", `It claims to be ${claimed} and is ${kind.mimeType}.`);
  return kind;
}

async function byContent(bytes: Uint8Array): Promise<FileKind> {
  // file-type throws if a file ends within its own header.
  const type = await fileTypeFromBuffer(bytes).catch(() => undefined);
  const mimeType = type?.mime.split(";")[0]?.trim() ?? "";
  const extension = type?.ext ?? "bin";
  if (IMAGES.includes(mimeType)) return { kind: "image", mimeType, extension };
  if (mimeType === "application/pdf") return { kind: "pdf", mimeType, extension };
  if (/^(audio|video)\//.test(mimeType) || mimeType === "application/ogg")
    return { kind: "sound", mimeType, extension };
  // HTML, SVG, programs and archives alike: never shown, only handed over.
  return { kind: "other", mimeType: "application/octet-stream", extension };
}

function claimedKind({ type, mimeType, fileName }: FileClaim): FileKind["kind"] {
  if (type === "image") return "image";
  if (type === "audio" || type === "video") return "sound";
  const claims = `${mimeType ?? ""} ${fileName ?? ""}`.toLowerCase();
  if (/application\/(x-)?pdf|\.pdf\s*$/.test(claims)) return "pdf";
  if (/image\/(?!svg)|\.(jpe?g|png|webp|gif|hei[cf])\s*$/.test(claims)) return "image";
  return /^(audio|video)\//.test(claims) ? "sound" : "other";
}
