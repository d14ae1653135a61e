import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { readConfig, type WasenderConfig } from "../../lib/config.ts";
import { getStatus, sendMessage } from "../../lib/wasender/client.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    socket.on("error", () => undefined);
    sockets.add(socket);
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function at(port: number, scheme = "http"): WasenderConfig {
  const { wasender } = readConfig({
    SUPABASE_URL: "https://abcd.supabase.co",
    SUPABASE_KEY: "key",
    WHATSAPP_API_URL: `${scheme}://127.0.0.1:${port}/api`,
    WHATSAPP_API_TOKEN: "session-key",
  });
  return wasender ?? expect.unreachable();
}
const web = async (handle: (request: IncomingMessage, response: ServerResponse) => void) =>
  at(await listen(createHttpServer(handle)));
const raw = async (handle: (socket: Socket) => void) => at(await listen(createServer(handle)));
const send = (config: WasenderConfig, timeoutMs?: number) =>
  sendMessage(config, "+393330000001", "Buongiorno è", { timeoutMs });

describe("a request", () => {
  it("is what Wasender documents, once", async () => {
    const seen: unknown[] = [];
    const config = await web(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const { authorization, "content-type": type } = request.headers;
      seen.push({ method: request.method, url: request.url, authorization, type, body: JSON.parse(body) });
      response.setHeader("X-RateLimit-Remaining", "0").end('{"success":true,"data":{"msgId":1}}');
    });
    expect(await send(config)).toMatchObject({
      kind: "reply",
      status: 200,
      headers: { "x-ratelimit-remaining": "0" },
      body: { success: true, data: { msgId: 1 } },
    });
    expect(seen).toEqual([
      {
        method: "POST",
        url: "/api/send-message",
        authorization: "Bearer session-key",
        type: "application/json",
        body: { to: "+393330000001", text: "Buongiorno è" },
      },
    ]);
  });

  it("asks for the session's state", async () => {
    const config = await web((request, response) =>
      response.end(JSON.stringify({ status: `${request.method} ${request.url}` })),
    );
    expect(await getStatus(config)).toMatchObject({ kind: "reply", body: { status: "GET /api/status" } });
  });
});

describe("an answer", () => {
  it.each([401, 422, 429, 500, 503])("%i is one", async (status) => {
    const config = await web((_, response) => response.writeHead(status).end('{"message":"no"}'));
    expect(await send(config)).toMatchObject({ kind: "reply", status, body: { message: "no" } });
  });

  it("that is a page has its text and no body", async () => {
    const config = await web((_, response) => response.writeHead(502).end("<h1>Bad Gateway</h1>"));
    expect(await send(config)).toMatchObject({ kind: "reply", status: 502, body: null, text: "<h1>Bad Gateway</h1>" });
  });

  it.each([
    [
      "in its JSON",
      '{"data":{"name":"Ma\\u0000rio","list":["\\udc00"]}}',
      { data: { name: "Ma\uFFFDrio", list: ["\uFFFD"] } },
    ],
    ["in what is none", "Ma\0rio", null],
  ])("with what PostgreSQL cannot store %s can be stored", async (_, text, body) => {
    const config = await web((_, response) => response.end(text));
    const reply = await send(config);
    if (reply.kind !== "reply") expect.unreachable();
    expect(reply.body).toEqual(body);
    expect(reply.text).not.toContain("\0");
  });

  it("that is JSON but no object or list has no body", async () => {
    const config = await web((_, response) => response.end('"ok"'));
    expect(await send(config)).toMatchObject({ kind: "reply", body: null, text: '"ok"' });
  });

  it("that redirects is not followed", async () => {
    let asked = 0;
    const config = await web((_, response) => {
      asked++;
      response.writeHead(307, { location: "/api/send-message" }).end();
    });
    expect(await send(config)).toMatchObject({ kind: "reply", status: 307 });
    expect(asked).toBe(1);
  });

  it("without an end is read up to a bound", async () => {
    let written = 0;
    const config = await web((_, response) => {
      const chunk = "x".repeat(65_536);
      const more = () => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
        written += chunk.length;
      };
      response.on("drain", more);
      more();
    });
    const reply = await send(config);
    expect(reply).toMatchObject({ kind: "reply", status: 200, body: null });
    expect(reply.kind === "reply" && reply.text.length).toBe(500);
    expect(written).toBeLessThan(50 * 1024 * 1024);
  });
});

describe("no answer, and nothing left this machine", () => {
  it("where the connection is refused", async () => {
    const server = createServer();
    const port = await listen(server);
    closing.splice(0).forEach((close) => {
      close();
    });
    await once(server, "close").catch(() => undefined);
    expect(await send(at(port))).toMatchObject({
      kind: "no_reply",
      left: false,
      cause: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("where https meets a server that speaks plain text", async () => {
    const port = await listen(createHttpServer((_, response) => response.end("{}")));
    expect(await send(at(port, "https"))).toMatchObject({ kind: "no_reply", left: false });
  });

  it("where the TLS handshake never ends, after the 8 seconds that a connection may take", async () => {
    const port = await listen(createServer(() => undefined));
    expect(await send(at(port, "https"))).toMatchObject({ kind: "no_reply", left: false });
  });
});

describe("no answer, and it may have arrived", () => {
  it("where the connection is reset at the first byte, and no other is made", async () => {
    let connections = 0;
    const config = await raw((socket) => {
      connections++;
      socket.once("data", () => socket.resetAndDestroy());
    });
    expect(await send(config)).toMatchObject({ kind: "no_reply", left: true });
    expect(connections).toBe(1);
  });

  it("where it is reset once the request was read, which is not sent again", async () => {
    let requests = 0;
    const config = await web((request) => {
      requests++;
      request.socket.resetAndDestroy();
    });
    expect(await send(config)).toMatchObject({ kind: "no_reply", left: true });
    expect(requests).toBe(1);
  });

  it("where it is closed politely", async () => {
    const config = await raw((socket) => socket.once("data", () => socket.end()));
    expect(await send(config)).toMatchObject({ kind: "no_reply", left: true });
  });

  it("where it answers what is not HTTP", async () => {
    const config = await raw((socket) => socket.once("data", () => socket.end("220 smtp.example.test ready\r\n")));
    expect(await send(config)).toMatchObject({ kind: "no_reply", left: true });
  });

  it("where it never answers", async () => {
    const config = await web(() => undefined);
    const started = performance.now();
    expect(await send(config, 300)).toMatchObject({
      kind: "no_reply",
      left: true,
      cause: expect.stringContaining("timeout"),
    });
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it("where it starts to answer and then goes on forever, drop by drop", async () => {
    const config = await web((_, response) => {
      response.writeHead(200);
      const drops = setInterval(() => response.write(" "), 20);
      closing.push(() => clearInterval(drops));
    });
    expect(await send(config, 300)).toMatchObject({ kind: "no_reply", left: true });
  });

  it("where the answer breaks off", async () => {
    const config = await web((_, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write('{"success":true', () => response.socket?.resetAndDestroy());
    });
    expect(await send(config)).toMatchObject({ kind: "no_reply", left: true });
  });
});

it("a request whose slot is over by the time the connection stands is not written", async () => {
  let requests = 0;
  const config = await web((_, response) => {
    requests++;
    response.end("{}");
  });
  const reply = await sendMessage(config, "+393330000001", "Ciao", { connectBy: performance.now() - 1 });
  expect(reply).toMatchObject({ kind: "no_reply", left: false, late: true, startedAt: null });
  expect(requests).toBe(0);
});
