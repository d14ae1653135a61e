import { type Json, parseJson, storable, toStorable } from "../json.ts";
import { HttpError } from "./errors.ts";

/** The largest body that is read, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** How long a sender may take for its body, in milliseconds: a function that waits costs money and a connection. */
const MAX_BODY_MS = 10_000;

/** A body that could be parsed, or its text and what was expected instead. */
export type Body = { ok: true; value: Json } | { ok: false; raw: string; expected: string };

/**
 * Reads and parses a JSON or form body.
 *
 * What PostgreSQL cannot store (NUL, lone surrogates) is replaced by U+FFFD, so that every body can be kept.
 *
 * @throws {HttpError} 413 if it is larger than {@link MAX_BODY_BYTES}; 408 if it takes longer than `withinMs`.
 */
export async function readBody(request: Request, withinMs = MAX_BODY_MS): Promise<Body> {
  return parseBody(await readBounded(request, withinMs), request.headers.get("content-type") ?? "");
}

/** Parses a body that was read: what {@link readBody} makes of it. */
export async function parseBody(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<Body> {
  const type = contentType.toLowerCase();
  if (type.startsWith("multipart/form-data")) {
    try {
      const form = await new Response(bytes, { headers: { "content-type": contentType } }).formData();
      return {
        ok: true,
        value: fromPairs([...form].flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : []))),
      };
    } catch {
      return { ok: false, raw: decode(bytes), expected: "multipart form data" };
    }
  }
  const text = decode(bytes);
  if (type.startsWith("application/x-www-form-urlencoded")) {
    // Some senders label JSON as a form, which is what curl does with -d.
    return { ok: true, value: parseJson(text) ?? fromPairs([...new URLSearchParams(text)]) };
  }
  const value = parseJson(text);
  return value ? { ok: true, value } : { ok: false, raw: text, expected: "a JSON object" };
}

async function readBounded(request: Request, withinMs: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new HttpError(413, "too_large", `The body is larger than ${MAX_BODY_BYTES} bytes.`);
  if (Number(request.headers.get("content-length")) > MAX_BODY_BYTES) throw tooLarge();
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  // Cancelling ends the read that is under way.
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void reader.cancel().catch(() => undefined);
  }, withinMs);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.byteLength;
      if (size > MAX_BODY_BYTES) {
        void reader.cancel().catch(() => undefined);
        throw tooLarge();
      }
      chunks.push(part.value);
    }
  } finally {
    clearTimeout(timer);
  }
  if (late) throw new HttpError(408, "slow_body", "The body did not come in time.");
  return new Uint8Array(Buffer.concat(chunks));
}

// Without `fatal`, malformed UTF-8 becomes U+FFFD; a byte order mark is dropped.
const decode = (bytes: Uint8Array) => storable(new TextDecoder().decode(bytes));

/** Form fields as an object, keys as they came; a field that holds a JSON object is parsed. */
function fromPairs(pairs: [string, string][]): Json {
  return toStorable(
    Object.fromEntries(pairs.map(([key, text]) => [key, (/^\s*\{/.test(text) && parseJson(text)) || text])),
  );
}
