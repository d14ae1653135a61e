import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET } from "../../api/conversations.ts";
import { POST as act } from "../../api/messages.ts";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { GET as getFeed } from "../../api/whatsapp-incoming.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { createWorld, fixture, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  delete process.env.WHATSAPP_API_TOKEN;
});

async function get(query = "") {
  const response = await GET(
    new Request(`http://localhost/api/conversations${query}`, { headers: await world.signIn() }),
  );
  return { status: response.status, body: await response.json() };
}
async function hands(body: object, who = "Anna") {
  const response = await act(jsonRequest("/api/messages", body, await world.signIn(who)));
  return { status: response.status, body: await response.json() };
}
const callOf = (number: number, more: object = {}) =>
  postCall(jsonRequest("/webhook/cloudtalk", { call_uuid: `u${Math.random()}`, external_number: number, ...more }));
const replyOf = (number: string, text: string, more: object = {}) =>
  postMessage(
    jsonRequest("/api/whatsapp-webhook", {
      event: "messages.received",
      data: {
        messages: {
          key: { id: `m${Math.random()}`, fromMe: false, remoteJid: `${number}@s.whatsapp.net` },
          messageBody: text,
          message: { conversation: text },
          ...more,
        },
      },
    }),
  );
const setStatus = (status: string) =>
  world.query(
    `update public.whatsapp_messages set status = '${status}', error_code = 'delivery_failed' where direction = 'outgoing'`,
  );

describe("the list", () => {
  it.each(["sent", "failed"])(
    "shows our message again once its echo, %s, turned out to be the same",
    async (status) => {
      await world.query(`insert into public.whatsapp_messages (direction, kind, status, phone_number, text, wasender_id, whatsapp_id, error_code) values
      ('outgoing', 'reply', 'sent', '+393330000001', 'La bolletta?', 'ws1', null, null),
      ('outgoing', 'manual', '${status}', '+393330000001', 'La bolletta?', null, 'WA1', ${status === "failed" ? "'delivery_failed'" : "null"})`);
      await world.query("select public.record_message_info('ws1', 'WA1', 'delivered')");
      const { conversations, counts } = (await get()).body;
      expect(conversations).toMatchObject([{ state: "waiting", last: { status: "delivered", text: "La bolletta?" } }]);
      expect(counts).toMatchObject({ all: 1, waiting: 1, error: 0 });
    },
  );

  it("shows each customer once, with what is owed", async () => {
    await callOf(393330000001, { contact_name: "Maria Rossi" });
    expect((await get()).body).toMatchObject({
      success: true,
      source: "database",
      conversations: [
        {
          id: 1,
          phone_number: "+393330000001",
          name: "Maria Rossi",
          state: "waiting",
          unread: 0,
          last: { direction: "outgoing", status: "queued" },
        },
      ],
      counts: { all: 1, waiting: 1, answered: 0, bill: 0, error: 0, check: 0, objection: 0, unread: 0 },
      next: null,
      sender: { queued: 1, interval_ms: 60000, paused: { reason: "configuration", code: "not_set_up", since: null } },
    });
    await replyOf("393330000001", "Eccola");
    expect((await get()).body).toMatchObject({
      conversations: [{ id: 1, state: "answered", unread: 1, last: { direction: "incoming", text: "Eccola" } }],
      counts: { all: 1, answered: 1, unread: 1 },
    });
  });

  it.each([
    ["failed", "error"],
    ["unknown", "check"],
    ["delivered", "waiting"],
  ])("a message that is %s makes it %s", async (status, state) => {
    await callOf(393330000001);
    await setStatus(status);
    expect((await get()).body.conversations).toMatchObject([{ state }]);
  });

  it("shows a call without a message too", async () => {
    await callOf(393330000001, { talking_time: 0 });
    expect((await get()).body.conversations).toMatchObject([{ state: "none", last: null }]);
  });

  it("is searched by name, number and text, and filtered by state", async () => {
    await callOf(393330000001, { contact_name: "Maria Rossi" });
    await callOf(393330000002, { contact_name: "Luca Bianchi" });
    await replyOf("393330000002", "Le mando le bollette domani");
    const ids = async (query: string) => (await get(query)).body.conversations.map((c: { id: number }) => c.id);
    expect(await ids("?q=rossi")).toEqual([1]);
    expect(await ids("?q=0000002")).toEqual([2]);
    expect(await ids("?q=%2B39%20333%20000%200001")).toEqual([1]);
    expect(await ids("?q=bollette%20dom")).toEqual([2]);
    expect(await ids("?q=100%25")).toEqual([]);
    expect(await ids("?q='%3B--")).toEqual([]);
    expect(await ids("?state=waiting")).toEqual([1]);
    expect(await ids("?state=answered&q=luca")).toEqual([2]);
    expect((await get("?state=nonsense")).status).toBe(400);
  });

  it("is paged, newest first", async () => {
    for (let n = 1; n <= 5; n++) await callOf(393330000000 + n);
    const first = await get("?limit=2");
    const second = await get(`?limit=2&before=${encodeURIComponent(first.body.next)}`);
    const third = await get(`?limit=2&before=${encodeURIComponent(second.body.next)}`);
    const numbers = [first, second, third].flatMap((page) =>
      page.body.conversations.map((c: { phone_number: string }) => c.phone_number.at(-1)),
    );
    expect(numbers).toEqual(["5", "4", "3", "2", "1"]);
    expect(third.body.next).toBeNull();
    expect((await get("?before=nonsense")).status).toBe(400);
  });

  it("never shows a LID; once the number is known the two are one", async () => {
    await callOf(393330000001);
    await postMessage(jsonRequest("/", await fixture("wasender/received-text-lid-only")));
    const before = (await get()).body.conversations;
    expect(before).toMatchObject([{ id: 2, phone_number: null, name: null }, { id: 1 }]);
    expect(JSON.stringify(before)).not.toContain("98700000000001");
    await postMessage(jsonRequest("/", await fixture("wasender/received-text-lid")));
    expect((await get()).body.conversations).toMatchObject([{ id: 1, state: "answered", unread: 2 }]);
    expect((await get("?id=2")).body.conversation.merged_into).toBe(1);
  });

  it("is the same conversation where the LID came first", async () => {
    await postMessage(jsonRequest("/", await fixture("wasender/received-text-lid-only")));
    await postMessage(jsonRequest("/", await fixture("wasender/received-text-lid")));
    expect((await get()).body.conversations).toMatchObject([{ id: 1, phone_number: "+393330000001" }]);
  });
});

describe("a thread", () => {
  it("has messages, calls and what staff did", async () => {
    await callOf(393330000001, { talking_time: 61, agent_first_name: "Samuela", direction: "outgoing" });
    await postMessage(jsonRequest("/", await fixture("wasender/received-pdf")));
    await hands({ action: "bill", conversation_id: 1, received: true });
    const { body } = await get("?id=1");
    expect(body).toMatchObject({
      conversation: { id: 1, state: "bill", bill_by: "Anna" },
      messages: [
        {
          direction: "incoming",
          type: "document",
          text: "Bolletta",
          media: { file_name: "bolletta.pdf", mime_type: "application/pdf", size: 48213, pages: 2 },
        },
        { direction: "outgoing", kind: "ask", conversation_id: 1 },
      ],
      calls: [{ talking_time: 61, agent_name: "Samuela", should_send: true, reason: "eligible" }],
      actions: [{ who: "Anna", action: "bill_set" }],
      more: false,
    });
    // The key that opens the file stays on the server.
    expect(JSON.stringify(body)).not.toContain("mediaKey");
    expect((await get("?id=77")).status).toBe(404);
  });

  it("is paged backwards", async () => {
    for (let n = 0; n < 5; n++) await replyOf("393330000001", `n${n}`);
    const first = await get("?id=1&limit=2");
    expect(first.body.messages.map((m: { text: string }) => m.text)).toEqual(["n4", "n3"]);
    const second = await get(`?id=1&limit=2&before=${first.body.messages[1].id}`);
    expect(second.body).toMatchObject({ messages: [{ text: "n2" }, { text: "n1" }], more: true });
  });
});

describe("hands", () => {
  it("a reply is queued before the asks, once for one click", async () => {
    await callOf(393330000001);
    const click = { action: "reply", conversation_id: 1, text: "  Grazie!  ", client_id: crypto.randomUUID() };
    const first = await hands(click);
    expect(first.body).toMatchObject({
      success: true,
      message: { kind: "reply", status: "queued", text: "Grazie!", author: "Anna" },
    });
    expect((await hands(click)).body.message.id).toBe(first.body.message.id);
    const rows = await world.query(
      "select text from public.whatsapp_messages where status = 'queued' order by priority desc, due_at, id",
    );
    expect(rows).toMatchObject([{ text: "Grazie!" }, {}]);
    expect((await get("?id=1")).body.actions).toMatchObject([{ who: "Anna", action: "reply" }]);
  });

  it("a reply needs a number, words, and a key of its own", async () => {
    await postMessage(jsonRequest("/", await fixture("wasender/received-text-lid-only")));
    const click = { action: "reply", conversation_id: 1, text: "Ciao", client_id: crypto.randomUUID() };
    expect((await hands(click)).status).toBe(409);
    await callOf(393330000001);
    await callOf(393330000002);
    expect((await hands({ ...click, conversation_id: 2 })).status).toBe(200);
    expect((await hands({ ...click, conversation_id: 3 })).status).toBe(409);
    expect((await hands({ ...click, text: "   " })).status).toBe(400);
    expect((await hands({ ...click, client_id: "x" })).status).toBe(400);
    expect((await hands({ ...click, conversation_id: 99 })).status).toBe(404);
  });

  it("the bill is set and unset by hand, with the person's name", async () => {
    await callOf(393330000001);
    await hands({ action: "bill", conversation_id: 1, received: true }, "Bruno");
    expect((await get("?state=bill")).body.conversations).toMatchObject([
      { bill_by: "Bruno", bill_at: expect.any(String) },
    ]);
    await hands({ action: "bill", conversation_id: 1, received: false });
    expect((await get()).body.conversations).toMatchObject([{ state: "waiting", bill_by: null }]);
    expect(
      (await get("?id=1")).body.actions.map((a: { who: string; action: string }) => `${a.who} ${a.action}`),
    ).toEqual(["Anna bill_unset", "Bruno bill_set"]);
  });

  it("what was seen is no longer unread", async () => {
    await replyOf("393330000001", "Uno");
    await hands({ action: "seen", conversation_id: 1 });
    expect((await get()).body.counts.unread).toBe(0);
    await replyOf("393330000001", "Due");
    expect((await get()).body.conversations).toMatchObject([{ unread: 1 }]);
  });
});

it("the poll brings the conversations that have changed, with new counts", async () => {
  await callOf(393330000001);
  const { cursor } = (await get()).body;
  const poll = async (after: string) =>
    (
      await getFeed(
        new Request(`http://localhost/api/whatsapp-incoming?after=${encodeURIComponent(after)}`, {
          headers: await world.signIn(),
        }),
      )
    ).json();
  expect(await poll(cursor)).toMatchObject({ messages: [], conversations: [], counts: null });
  await callOf(393330000002);
  const next = await poll(cursor);
  expect(next).toMatchObject({ messages: [{ id: 2 }], conversations: [{ id: 2 }], counts: { all: 2 } });
  await replyOf("393330000001", "Ecco");
  expect(await poll(next.cursor)).toMatchObject({
    // The ask too: to somebody who has written it is no first contact.
    messages: [{ id: 3, conversation_id: 1 }, { id: 1 }],
    conversations: [{ id: 1, state: "answered" }],
  });
});

describe("the export", () => {
  it("opens in an Italian Excel, and no customer can put a formula into it", async () => {
    await callOf(393330000001, { contact_name: '=HYPERLINK("http://evil")', company_name: "Azienda; Agricola" });
    await replyOf("393330000001", '+39 è pronta\n"ok"');
    const response = await GET(
      new Request("http://localhost/api/conversations?format=csv&state=answered", { headers: await world.signIn() }),
    );
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("content-disposition")).toMatch(/attachment; filename="conversazioni-.*\.csv"/);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const text = new TextDecoder().decode(bytes);
    expect(text).toContain('"Numero";"Nome";"Azienda";"Stato"');
    expect(text).toContain(`"'=HYPERLINK(""http://evil"")";"Azienda; Agricola";"ha risposto";"'+39 è pronta\n""ok"""`);
    expect(text).toContain(`"'+393330000001"`);
  });
});
