import { readFile } from "node:fs/promises";
import { encryptMedia } from "./media.ts";
import type { Media } from "./payloads.ts";

const FILES = new URL("../files/", import.meta.url);

/** What a customer can attach: the files of dev/files. */
export const ATTACHMENTS = {
  photo: { type: "image", mimetype: "image/jpeg", file: "bolletta.jpg", folder: "t62.7118-24" },
  pdf: { type: "document", mimetype: "application/pdf", file: "bolletta.pdf", folder: "t62.7119-24", pageCount: 2 },
} as const;

/** A message's file as WhatsApp's CDN holds it, and what the message says of it. */
export async function attach(
  kind: keyof typeof ATTACHMENTS,
  messageId: string,
): Promise<{ media: Media; encrypted: Buffer }> {
  const { type, file, folder, ...described } = ATTACHMENTS[kind];
  const directPath = `/v/${folder}/${messageId}.enc`;
  const media = encryptMedia(await readFile(new URL(file, FILES)), type);
  const url = `https://mmg.whatsapp.net${directPath}?mms3=true`;
  return { media: { ...described, ...media, directPath, url }, encrypted: media.encrypted };
}
