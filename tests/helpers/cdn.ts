import { createServer, type RequestListener } from "node:http";
import { standInForCdn } from "../../dev/wasender/cdn.ts";
import { type EncryptedMedia, encryptMedia, type MediaKind } from "../../dev/wasender/media.ts";

/** WhatsApp's CDN as a test wants it. */
export type Cdn = {
  /** The answers by path, without query; what is not here is not found. */
  answers: Map<string, RequestListener>;
  /** The paths that were asked for, with query. */
  asked: string[];
  /** Encrypts a file as WhatsApp does, serves it, and gives what a message says of it. */
  put: (file: Uint8Array, kind: MediaKind, extra?: object) => EncryptedMedia & { url: string; directPath: string };
  close: () => Promise<void>;
};

export async function startCdn(): Promise<Cdn> {
  const answers: Cdn["answers"] = new Map();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const answer = answers.get(new URL(request.url ?? "", "http://cdn").pathname);
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const end = standInForCdn(`http://127.0.0.1:${address.port}`);
  let files = 0;
  return {
    answers,
    asked,
    put: (file, kind, extra = {}) => {
      const made = encryptMedia(file, kind);
      const directPath = `/v/t62.7119-24/${++files}.enc`;
      answers.set(directPath, (_, response) => void response.end(made.encrypted));
      return { ...made, directPath, url: `https://mmg.whatsapp.net${directPath}?mms3=true`, ...extra };
    },
    close: async () => {
      end();
      server.closeAllConnections();
      await new Promise<void>((done) => void server.close(() => done()));
    },
  };
}
