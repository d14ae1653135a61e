import { createServer, type IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import type { Answer } from "./answer.ts";

export type ApiRequest = { method: string; path: string; query: URLSearchParams; token: string | null; body: unknown };
/** An answer, bytes, or what a server must not do: close the connection, or say nothing. */
export type ApiReply = Answer | Buffer | "reset" | "hang";

/** Serves an API on loopback, on a free port; unlike a web-standard server it can also break off. */
export async function listen(
  handle: (request: ApiRequest) => ApiReply,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const reply = handle(await read(incoming));
    if (reply === "reset") return void incoming.socket.resetAndDestroy();
    if (reply === "hang") return;
    if (Buffer.isBuffer(reply)) return void outgoing.setHeader("content-type", "application/octet-stream").end(reply);
    const html = typeof reply.body === "string";
    outgoing
      .writeHead(reply.status, { ...reply.headers, "content-type": html ? "text/html" : "application/json" })
      .end(html ? reply.body : JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(incoming: IncomingMessage): Promise<ApiRequest> {
  const url = new URL(incoming.url ?? "/", "http://sandbox");
  return {
    method: incoming.method ?? "GET",
    path: url.pathname.replace(/\/+$/, ""),
    query: url.searchParams,
    token: /^Bearer\s+(.+)$/i.exec(incoming.headers.authorization ?? "")?.[1] ?? null,
    body: incoming.method === "POST" ? await json(incoming).catch(() => null) : null,
  };
}
