import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { readConfig } from "../../lib/config.ts";
import { rpc, supabase } from "../../lib/supabase/client.ts";
import { DatabaseError, RefusedError } from "../../lib/supabase/database-error.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A PostgREST that answers so; the calls that it received. */
async function answering(answer: (response: ServerResponse, request: IncomingMessage, call: number) => void) {
  const calls: unknown[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const { authorization, apikey, "content-type": type, "x-app-secret": secret } = request.headers;
    calls.push({ method: request.method, path: request.url, authorization, apikey, type, secret, body });
    answer(response, request, calls.length);
  });
  closing.push(() => server.closeAllConnections(), server.close.bind(server));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const config = readConfig({
    SUPABASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    SUPABASE_KEY: "sb_publishable_key",
    SUPABASE_APP_SECRET: "secret-of-at-least-24-characters",
  });
  const call = () => rpc(supabase(config), "record_lid", { p_id: 1, p_phone_number: "è" } as never);
  return { calls, call };
}
const refusal = (status: number, code: string) => (response: ServerResponse) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ code, message: "no" }));

it("is one POST of the arguments, with the key and the app's secret", async () => {
  const { calls, call } = await answering((response) => response.end('{"words":"perché"}'));
  expect(await call()).toEqual({ words: "perché" });
  expect(calls).toEqual([
    {
      method: "POST",
      path: "/rest/v1/rpc/record_lid",
      authorization: "Bearer sb_publishable_key",
      apikey: "sb_publishable_key",
      type: "application/json",
      secret: "secret-of-at-least-24-characters",
      body: '{"p_id":1,"p_phone_number":"è"}',
    },
  ]);
});

it("gives null for a function that returns nothing", async () => {
  const { call } = await answering((response) => response.writeHead(204).end());
  expect(await call()).toBeNull();
});

it.each(["40001", "40P01", "23505"])("is made once more after %s, and not twice", async (code) => {
  const { calls, call } = await answering((response, _, n) =>
    n === 1 ? refusal(409, code)(response) : response.end("1"),
  );
  expect(await call()).toBe(1);
  const always = await answering(refusal(409, code));
  await expect(always.call()).rejects.toMatchObject({ code });
  expect([calls.length, always.calls.length]).toEqual([2, 2]);
});

it("says what PostgreSQL refused, with its code", async () => {
  const { calls, call } = await answering(refusal(400, "22001"));
  const error = await call().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DatabaseError);
  expect(error).toMatchObject({ message: "record_lid: no", code: "22001", isAboutContent: true });
  expect(calls.length).toBe(1);
});

it.each([401, 403])("tells a caller who is not let in (%i)", async (status) => {
  const { call } = await answering(refusal(status, "42501"));
  await expect(call()).rejects.toBeInstanceOf(RefusedError);
});

it.each([
  ["a page of the host's", (response: ServerResponse) => response.writeHead(502).end("<h1>Bad Gateway</h1>"), "502"],
  ["a page that claims success", (response: ServerResponse) => response.end("<h1>Paused</h1>"), "200"],
  ["half an answer", (response: ServerResponse) => cutOff(response), "record_lid"],
  ["a connection that ends", (response: ServerResponse) => response.destroy(), "record_lid"],
])("takes %s for a database that did not answer", async (_, answer, words) => {
  const { calls, call } = await answering(answer);
  const error = await call().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DatabaseError);
  expect(error).toMatchObject({ code: null, message: expect.stringContaining(words) });
  expect(calls.length).toBe(1);
});

function cutOff(response: ServerResponse): void {
  response.writeHead(200, { "content-length": "100" });
  response.write('{"half":', () => response.destroy());
}

it("waits eight seconds for the whole answer, not longer", { timeout: 20_000 }, async () => {
  const { call } = await answering((response) => {
    response.writeHead(200);
    const drops = setInterval(() => response.write(" "), 100);
    closing.push(() => clearInterval(drops));
  });
  const started = performance.now();
  await expect(call()).rejects.toMatchObject({ code: null });
  expect(performance.now() - started).toBeGreaterThan(7_500);
});
