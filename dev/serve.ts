import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";

export type LocalServer = { url: string; port: number; close: () => Promise<void> };

/** Serves a web-standard handler on loopback. Port 0 takes a free one. */
export async function serve(
  handler: (request: Request, peerAddress: string | null) => Response | Promise<Response>,
  port = 0,
): Promise<LocalServer> {
  const listener = getRequestListener((request, env) =>
    handler(request, "incoming" in env ? (env.incoming.socket.remoteAddress ?? null) : null),
  );
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
