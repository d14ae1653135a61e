import { readFile } from "node:fs/promises";
import { extname } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".pdf": "application/pdf",
  ".txt": "text/plain; charset=utf-8",
};

/** A file of a folder by its path from it (`/monitor.html`, of `/` the index.html), or null if there is none. */
export async function staticFile(folder: URL, path: string): Promise<Response | null> {
  let file: URL;
  try {
    file = new URL(`.${path.endsWith("/") ? `${path}index.html` : path}`, folder);
    // What a URL encodes may lead out of the folder, or name no file at all.
    if (!file.href.startsWith(folder.href) || /%2f|%5c|%00/i.test(path)) return null;
    decodeURIComponent(path);
  } catch {
    return null;
  }
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) return null;
  return new Response(bytes, {
    headers: {
      "content-type": TYPES[extname(file.pathname)] ?? "application/octet-stream",
      "cache-control": "public, max-age=0, must-revalidate",
    },
  });
}
