import { z } from "zod/v3";
import { type Context, endpoint, headOf, methodNotAllowed } from "../lib/http/endpoint.ts";
import { HttpError } from "../lib/http/errors.ts";
import { toFileName } from "../lib/media/file-name.ts";
import { RowId, readQuery } from "../lib/monitor/query-params.ts";
import { asStaff } from "../lib/monitor/session.ts";
import { bucket, StorageError } from "../lib/supabase/bucket.ts";
import { readMedia } from "../lib/supabase/media/read-media.ts";

export const { POST, PUT, PATCH, DELETE, OPTIONS } = methodNotAllowed("GET", "HEAD");

const Query = z.object({
  id: RowId,
  variant: z.enum(["file", "thumb", "bytes"]).default("file"),
  download: z.enum(["true", "false"]).default("false"),
});
/** How long a link works: long enough to be followed. */
const LINK_SECONDS = 60;
/** What a browser shows as it is; everything else is saved. */
const SHOWN = /^(image\/(jpeg|png|webp|gif)|application\/pdf)$/;
const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/**
 * GET /api/media?id=…: leads signed-in staff to a message's file, with a link that soon expires. A thumbnail is given
 * as it is: the page may then show pictures of its own host alone, whatever the project's is called, and the browser
 * asks once. `variant=bytes` gives the file as it is too: for the page's viewer, if it may not read where the link leads
 * (a project's own domain is not in vercel.json).
 */
export const GET = endpoint("media", async (request, context) => {
  const { id, variant, download } = readQuery(request, Query);
  const media = await asStaff(request, context, (client) => readMedia(client, id));
  switch (media.state) {
    case "none":
      throw new HttpError(404, "not_found", "This message has no file.");
    case "deleted":
      throw new HttpError(404, "media_deleted", "The file was deleted when its time was over.");
    case "pending":
      throw new HttpError(409, "media_pending", "The file is still being fetched.");
    case "failed":
      throw new HttpError(409, "media_failed", `The file could not be had: ${media.error}.`);
  }
  const files = bucket(context.config);
  if (variant === "thumb") {
    if (media.thumb_path === undefined)
      throw new HttpError(404, "no_thumbnail", "There is no small picture of this file.");
    const picture = await files.read(media.thumb_path).catch(fromStorage(context));
    return new Response(picture, { headers: { ...HEADERS, "content-type": "image/webp" } });
  }
  if (variant === "bytes") {
    const file = await files.read(media.path).catch(fromStorage(context));
    // As a stream: Vercel limits the size of an answer that is none.
    return new Response(file.stream(), { headers: { ...HEADERS, "content-type": "application/octet-stream" } });
  }
  const shown = SHOWN.test(media.mime_type) && download === "false";
  const name = shown ? null : toFileName(media.file_name, media.path, media.received_at);
  const location = await files.sign(media.path, LINK_SECONDS, name).catch(fromStorage(context));
  return new Response(null, { status: 303, headers: { ...HEADERS, location } });
});

export const HEAD = headOf(GET);

/** What to answer to an error of Storage. */
const fromStorage =
  ({ note }: Context) =>
  (error: unknown): never => {
    if (!(error instanceof StorageError)) throw error;
    note({ storage: error.message });
    if (error.status === 404) throw new HttpError(404, "not_found", "The file is no longer in Storage.");
    throw new HttpError(503, "storage_unavailable", "Storage did not answer. Please try again.", {
      "retry-after": "10",
    });
  };
