// The least that an app could do for a webhook: one server of Node's own that reads the body, calls one database
// function and answers. No secret, no check, no log line. node floor.ts, with SUPABASE_URL and SUPABASE_KEY
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { ready } from "./ready.ts";

const { SUPABASE_URL, SUPABASE_KEY = "" } = process.env;
const headers = { "content-type": "application/json", apikey: SUPABASE_KEY, authorization: `Bearer ${SUPABASE_KEY}` };

const server = createServer(async (request, response) => {
  const { url, headers: sent } = request;
  const recorded = await fetch(`${SUPABASE_URL}/rest/v1/rpc/floor_webhook`, {
    method: "POST",
    headers,
    body: JSON.stringify({ p_request: { url, headers: sent, body: await json(request) } }),
  });
  const answer = await recorded.text();
  response.writeHead(recorded.status, { "content-type": "application/json" }).end(answer);
});
await new Promise<void>((resolve) => {
  server.listen(0, "127.0.0.1", resolve);
});
const address = server.address();
if (address === null || typeof address === "string") throw new Error("no port");
ready({ url: `http://127.0.0.1:${address.port}` }, async () => {
  server.closeAllConnections();
  server.close();
});
