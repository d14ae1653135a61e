import { request } from "undici";
import { MediaError } from "./media-error.ts";
import { requireCdn } from "./media-source.ts";

/** From the first connection to the last byte, in milliseconds, however slowly the bytes come. */
const DOWNLOAD_TIMEOUT_MS = 20_000;
const HEADERS_TIMEOUT_MS = 10_000;
const BODY_TIMEOUT_MS = 10_000;
const MOST_REDIRECTS = 3;

/**
 * The bytes of a file on WhatsApp's CDN as they come, at most so many. Redirects are followed by hand, so that none
 * leads anywhere else.
 *
 * Goes through undici's global dispatcher: a test or the local world puts its stand-in for the CDN there.
 *
 * @throws {MediaError} forbidden_host, too_many_redirects, gone, too_large, too_slow or download_failed.
 */
export async function* download(url: URL, maxBytes: number, timeoutMs = DOWNLOAD_TIMEOUT_MS): AsyncGenerator<Buffer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const body = await open(url, signal);
    let size = 0;
    try {
      for await (const chunk of body) {
        size += chunk.byteLength;
        if (size > maxBytes) throw new MediaError("too_large", `More than ${maxBytes} bytes came.`);
        yield chunk;
      }
    } finally {
      body.destroy();
    }
  } catch (error) {
    throw classify(error, signal);
  }
}

async function open(url: URL, signal: AbortSignal) {
  let address = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const { statusCode, headers, body } = await request(address, {
      signal,
      headersTimeout: HEADERS_TIMEOUT_MS,
      bodyTimeout: BODY_TIMEOUT_MS,
      // As WhatsApp's own web page asks.
      headers: { origin: "https://web.whatsapp.com", accept: "*/*", "accept-encoding": "identity" },
    });
    if (statusCode === 200) return body;
    // The body is not read: without a listener its error would end the process.
    body.on("error", () => undefined).destroy();
    if (statusCode >= 300 && statusCode < 400 && typeof headers.location === "string") {
      if (!URL.canParse(headers.location, address))
        throw new MediaError("download_failed", "A redirect leads nowhere.");
      address = requireCdn(new URL(headers.location, address).href);
      continue;
    }
    const gone = [403, 404, 410].includes(statusCode);
    throw new MediaError(gone ? "gone" : "download_failed", `The CDN answered ${statusCode}.`);
  }
  throw new MediaError("too_many_redirects", `More than ${MOST_REDIRECTS} redirects.`);
}

function classify(error: unknown, signal: AbortSignal): MediaError {
  if (error instanceof MediaError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const words = error instanceof Error ? error.message || code || error.name : String(error);
  if (signal.aborted || /_(HEADERS|BODY)_TIMEOUT$/.test(code)) return new MediaError("too_slow", words);
  // The other side closed before the length that it had announced.
  if (/other side closed|terminated|content-length/i.test(words) || code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") {
    return new MediaError("truncated", words);
  }
  return new MediaError("download_failed", words);
}
