// What staff and other programs do with objections and sending hours, over the API.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { GET } from "../../api/conversations.ts";
import { POST as act } from "../../api/messages.ts";
import { POST as ring } from "../../api/outbox.ts";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

const ELENA = 393330000001;
const LUCA = 393330000002;
const OBJECTS = { action: "objection", conversation_id: 1, objects: true, reason: "Lo ha detto al telefono" };
const REPLY = {
  action: "reply",
  conversation_id: 1,
  text: "Grazie",
  client_id: "0a0b4b90-6f0e-4a3b-9d0b-000000000001",
};

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  delete process.env.WHATSAPP_API_TOKEN;
  await callOf(ELENA);
  await callOf(LUCA);
});

async function get(query: string) {
  const response = await GET(
    new Request(`http://localhost/api/conversations${query}`, { headers: await world.signIn() }),
  );
  return { status: response.status, body: await response.json() };
}
async function hands(body: object) {
  const response = await act(jsonRequest("/api/messages", body, await world.signIn()));
  return { status: response.status, body: await response.json() };
}
async function csv(query: string) {
  const url = `http://localhost/api/conversations?format=csv${query}`;
  const response = await GET(new Request(url, { headers: await world.signIn() }));
  return (await response.text()).trim().split("\r\n");
}
const callOf = (number: number) =>
  postCall(jsonRequest("/webhook/cloudtalk", { call_uuid: `u${Math.random()}`, external_number: number }));
const writes = (number: number, text: string) =>
  postMessage(
    jsonRequest("/api/whatsapp-webhook", {
      event: "messages.received",
      data: {
        messages: {
          key: { id: `m${Math.random()}`, fromMe: false, remoteJid: `${number}@s.whatsapp.net` },
          messageBody: text,
          message: { conversation: text },
        },
      },
    }),
  );

describe("an objection", () => {
  it("is set by staff with a reason: what waits is withdrawn, later calls ask nothing, and all of it is told", async () => {
    const by = { at: expect.any(String), by: "Anna", reason: OBJECTS.reason };
    expect(await hands(OBJECTS)).toEqual({ status: 200, body: { success: true, objection: by } });
    await callOf(ELENA);
    const { body } = await get("?id=1");
    expect(body.conversation).toMatchObject({ objection: by, objection_asked: false });
    expect(body.messages).toMatchObject([{ status: "cancelled", error_code: "objection", hold: null }]);
    expect(body.calls.map(({ reason }: { reason: string }) => reason)).toContain("objection");
    expect(body.actions).toMatchObject([{ who: "Anna", action: "objection_set", reason: OBJECTS.reason }]);
    const page = (await get("?objection=true")).body;
    expect(page.counts).toMatchObject({ all: 2, objection: 1 });
    expect(page.conversations.map(({ id }: { id: number }) => id)).toEqual([1]);
    expect((await get("?objection=false")).body.conversations.map(({ id }: { id: number }) => id)).toEqual([2]);
  });

  it("is lifted by staff only, with a reason", async () => {
    await writes(ELENA, "Basta!");
    await writes(ELENA, "Buongiorno");
    expect((await get("?id=1")).body.conversation.objection).toMatchObject({ by: "customer", reason: null });
    const lifted = await hands({ ...OBJECTS, objects: false, reason: "Ha cambiato idea" });
    expect(lifted).toEqual({ status: 200, body: { success: true, objection: null } });
    expect((await get("?id=1")).body.actions).toMatchObject([
      { who: "Anna", action: "objection_lift", reason: "Ha cambiato idea" },
    ]);
    const [kept] = await world.query("select lifted_by, lifted_reason from public.objections");
    expect(kept).toEqual({ lifted_by: "Anna", lifted_reason: "Ha cambiato idea" });
  });

  it("that is unclear is in the list until staff decide, either way", async () => {
    await writes(ELENA, "Ma la privacy?");
    await writes(LUCA, "Cancellate la visita di domani");
    const asked = (await get("?objection=true")).body.conversations;
    expect(asked).toMatchObject([
      { objection: null, objection_asked: true },
      { objection: null, objection_asked: true },
    ]);
    const [, elena] = (await get("?id=1")).body.messages;
    expect(elena).toMatchObject({ status: "queued", hold: { reason: "staff", until: null } });
    await hands({ ...OBJECTS, objects: false, reason: "È una domanda" });
    await hands({ ...OBJECTS, conversation_id: 2, reason: "È chiaro" });
    expect((await get("?id=1")).body.conversation).toMatchObject({ objection: null, objection_asked: false });
    expect((await get("?objection=true")).body.conversations).toMatchObject([{ id: 2, objection_asked: false }]);
  });

  it.each([
    ["no reason", { reason: undefined }, /reason: Required/],
    ["a blank reason", { reason: "  " }, /reason: /],
    ["words for a yes or no", { objects: "true" }, /objects: Expected boolean/],
    ["no conversation", { conversation_id: undefined }, /conversation_id: Required/],
  ])("with %s is refused with what is wrong", async (_, change, message) => {
    const { status, body } = await hands({ ...OBJECTS, ...change });
    expect([status, body.error.code]).toEqual([400, "invalid_action"]);
    expect(body.error.message).toMatch(message);
  });

  it("of nobody is not found, and the list takes only yes or no", async () => {
    expect((await hands({ ...OBJECTS, conversation_id: 99 })).body.error.code).toBe("not_found");
    expect((await get("?objection=perhaps")).body.error).toMatchObject({ code: "invalid_query" });
  });

  it("is in the exported list, with its reason", async () => {
    await hands(OBJECTS);
    const [header, ...lines] = await csv("");
    expect(header).toMatch(/"Opposizione";"Motivo dell’opposizione";"Non letti";.*"Bollette"$/);
    const elena = lines.find((line) => line.startsWith('"\'+393330000001"'));
    expect(lines).toHaveLength(2);
    expect(await csv("&objection=true")).toEqual([header, elena]);
    expect(elena).toMatch(/;"\d\d\/\d\d\/\d\d \d\d:\d\d";"Lo ha detto al telefono";"0";.*""$/);
  });
});

it("what never arrived in 48 hours is counted, and its customers are a list", async () => {
  const sent = (id: number, hours: number, status: string) =>
    world.query(`update public.whatsapp_messages set status = '${status}', sent_at = now() - interval '${hours} hours'
                  where id = ${id}`);
  await callOf(393330000003);
  await callOf(393330000004);
  await sent(1, 50, "sent");
  await sent(2, 46, "sent");
  await sent(3, 50, "delivered");
  await sent(4, 24 * 31, "sent");
  const { sender, conversations } = (await get("?undelivered=true")).body;
  expect(sender.lights.undelivered).toBe(1);
  expect(conversations.map(({ id }: { id: number }) => id)).toEqual([1]);
  expect((await csv("&undelivered=true")).length).toBe(2);
  expect((await get("?undelivered=yes")).body.error.code).toBe("invalid_query");
});

it("the sender's state tells of a restriction, the hours and the lights, and a message why it waits", async () => {
  await world.query(
    "update public.whatsapp_sender set restricted_at = now() - interval '1 hour', restricted_until = '2099-01-01'",
  );
  const until = "2099-01-01T00:00:00+00:00";
  vi.stubEnv("WHATSAPP_API_TOKEN", "key");
  vi.stubEnv("WHATSAPP_API_URL", "http://127.0.0.1:9");
  const { sender } = (await get("")).body;
  expect(sender).toMatchObject({
    paused: { reason: "restricted", code: "restricted", message: null, since: expect.any(String), until },
    hours: { open: true, next_at: null },
    lights: { first_contacts: 0, answered: 0, undelivered: 0 },
  });
  expect((await get("?id=1")).body.messages).toMatchObject([{ hold: { reason: "restricted", until } }]);
  await hands({ action: "pause" });
  expect((await get("")).body.sender.paused).toMatchObject({ reason: "staff", message: "Anna", until: null });
  await hands({ action: "resume" });
  expect((await get("")).body.sender.paused).toMatchObject({ reason: "restricted", until });
  await hands({ action: "resume" });
  expect((await get("")).body.sender.paused).toBeNull();
  vi.unstubAllEnvs();
});

describe("a reply", () => {
  it("to somebody who objected goes only if it says so", async () => {
    await hands(OBJECTS);
    const refused = await hands(REPLY);
    expect([refused.status, refused.body.error.code]).toEqual([409, "objection"]);
    expect(refused.body.error.message).toContain("despite_objection: true");
    const sent = await hands({ ...REPLY, despite_objection: true });
    expect([sent.status, sent.body.message.status]).toEqual([200, "queued"]);
  });

  it("goes at once, or when the hours begin, which the message and the sender's state say", async () => {
    // Neither today nor tomorrow, whatever day it is.
    const later = new Date(Date.now() + 2 * 86_400_000);
    const day = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "Europe/Rome" }).format(later);
    await world.query("delete from public.whatsapp_messages");
    vi.stubEnv("WHATSAPP_API_TOKEN", "key");
    vi.stubEnv("WHATSAPP_SEND_HOURS", `${day} 9-20`);
    await ring(jsonRequest("/api/outbox", {}));
    await world.settled();
    vi.stubEnv("WHATSAPP_API_TOKEN", undefined);

    const waiting = await hands({ ...REPLY, when: "hours" });
    const { hours } = (await get("")).body.sender;
    expect(hours).toEqual({ open: false, next_at: expect.any(String) });
    expect(waiting.body.message.hold).toEqual({ reason: "hours", until: hours.next_at });
    const now = await hands({ ...REPLY, client_id: "0a0b4b90-6f0e-4a3b-9d0b-000000000002" });
    expect(now.body.message.hold?.reason).not.toBe("hours");
    const wrong = await hands({ ...REPLY, when: "tomorrow" });
    expect(wrong.body.error.message).toMatch(/when: Invalid enum value/);
  });
});
