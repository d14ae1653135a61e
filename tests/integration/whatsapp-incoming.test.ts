import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { GET, POST } from "../../api/whatsapp-incoming.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { createWorld, fixture, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  for (const name of ["VERCEL", "WHATSAPP_API_TOKEN"]) delete process.env[name];
  process.env.WHATSAPP_API_TOKEN = "key";
  process.env.WHATSAPP_API_URL = "http://127.0.0.1:9";
  await world.query("update public.whatsapp_sender set next_send_at = now() + interval '1 hour'");
});

async function feed(query = "", more: Record<string, string> = {}) {
  const headers = { ...(await world.signIn()), ...more };
  const response = await GET(new Request(`http://localhost/api/whatsapp-incoming${query}`, { headers }));
  return {
    status: response.status,
    headers: response.headers,
    body: response.status === 304 ? null : await response.json(),
  };
}
const since = (cursor: string, more = "") => feed(`?after=${encodeURIComponent(cursor)}${more}`);
const callOf = (number: number, uuid: string) =>
  postCall(
    jsonRequest("/webhook/cloudtalk", { call_uuid: uuid, external_number: number, contact_name: "Maria Rossi" }),
  );
const ids = (answer: { body: { messages: { id: number }[] } }) => answer.body.messages.map((message) => message.id);

it("shows both directions, newest first, with the sender's state", async () => {
  await callOf(393330000001, "a");
  await postMessage(jsonRequest("/api/whatsapp-webhook", await fixture("wasender/received-text")));
  const answer = await feed();
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.body).toMatchObject({
    success: true,
    source: "database",
    cursor: expect.any(String),
    messages: [
      { direction: "incoming", contact_name: "Maria", status: "received", type: "text", error: null, call_id: 1 },
      {
        direction: "outgoing",
        contact_name: "Maria Rossi",
        phone_number: "+393330000001",
        status: "queued",
        call_id: 1,
      },
    ],
    sender: {
      queued: 1,
      next_send_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\+00:00$/),
      paused: null,
      session: null,
    },
  });
});

it("says why nothing is sent", async () => {
  await postMessage(jsonRequest("/api/whatsapp-webhook", await fixture("wasender/session-need-scan")));
  expect((await feed()).body.sender).toMatchObject({
    paused: { reason: "session", code: "session_down", since: expect.any(String) },
    session: "need_scan",
    next_send_at: null,
  });
});

describe("with a cursor", () => {
  it("gives only what was added or changed since", async () => {
    await callOf(393330000001, "a");
    await callOf(393330000002, "b");
    const first = await feed();
    expect(ids(await since(first.body.cursor))).toEqual([]);
    await callOf(393330000003, "c");
    await world.query("update public.whatsapp_messages set status = 'sent' where id = 1");
    const second = await since(first.body.cursor);
    expect(ids(second)).toEqual([3, 1]);
    expect(ids(await since(second.body.cursor))).toEqual([]);
  });

  it("pages through more than fits, and misses nothing that changes meanwhile", async () => {
    const { cursor } = (await feed()).body;
    for (let n = 1; n <= 5; n++) await callOf(393330000000 + n, `u${n}`);
    const seen: number[] = [];
    let page = await since(cursor, "&limit=2");
    seen.push(...ids(page));
    expect(page.body.more).toBe(true);
    await world.query("update public.whatsapp_messages set status = 'sent' where id = 1");
    for (let n = 0; n < 5 && seen.length < 6; n++) {
      page = await since(page.body.cursor, "&limit=2");
      seen.push(...ids(page));
    }
    expect(seen.toSorted()).toEqual([1, 1, 2, 3, 4, 5]);
    expect(ids(await since(page.body.cursor))).toEqual([]);
  });

  it("that is not one of ours gets 400, also one of a time that a restored database does not know", async () => {
    for (const cursor of ["nonsense", "1:2", "1:2:~x", "9:1:", "1:2:|x", "900000000:900000000:"]) {
      expect(await since(cursor)).toMatchObject({ status: 400, body: { error: { code: "invalid_cursor" } } });
    }
  });
});

it("takes a limit of at most 200", async () => {
  for (let n = 1; n <= 3; n++) await callOf(393330000000 + n, `u${n}`);
  expect(ids(await feed("?limit=2"))).toEqual([3, 2]);
  expect(ids(await feed("?limit=100000"))).toEqual([3, 2, 1]);
  expect((await feed("?limit=0")).status).toBe(400);
  expect((await feed("?limit=abc")).status).toBe(400);
});

it("answers 304 while nothing is new", async () => {
  await callOf(393330000001, "a");
  const first = await feed();
  const second = await feed(`?after=${encodeURIComponent(first.body.cursor)}`);
  const etag = second.headers.get("etag") ?? "";
  const third = await feed(`?after=${encodeURIComponent(second.body.cursor)}`, { "if-none-match": etag });
  expect(third.status).toBe(304);
  await callOf(393330000002, "b");
  const fourth = await feed(`?after=${encodeURIComponent(second.body.cursor)}`, { "if-none-match": etag });
  expect(fourth.status).toBe(200);
  expect(ids(fourth)).toEqual([2]);
});

it("tells once what was deleted", async () => {
  await callOf(393330000001, "a");
  await callOf(393330000002, "b");
  const after = ({ body }: { body: { cursor: string } }, headers = {}) =>
    feed(`?after=${encodeURIComponent(body.cursor)}`, headers);
  const before = await after(await feed());
  await world.query("delete from public.whatsapp_messages where id = 1");
  const told = await after(before, { "if-none-match": before.headers.get("etag") ?? "" });
  expect(told).toMatchObject({ status: 200, body: { deleted: { messages: [1] } } });
  const then = await after(told, { "if-none-match": told.headers.get("etag") ?? "" });
  expect(then.status).toBe(304);
});

it("is for signed-in staff only", async () => {
  const response = await GET(new Request("http://localhost/api/whatsapp-incoming"));
  expect(response.status).toBe(401);
});

it("answers another method with 405 and Allow", async () => {
  const response = POST(new Request("http://localhost/api/whatsapp-incoming", { method: "POST" }));
  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe("GET, HEAD");
});
