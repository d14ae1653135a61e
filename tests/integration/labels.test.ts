// What a customer's answer means, from the webhook to the API.
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { GET } from "../../api/conversations.ts";
import { POST as act } from "../../api/messages.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

const ELENA = 393330000001;
// A Tuesday in Rome.
const WRITTEN = Date.parse("2026-11-24T09:30:00Z") / 1000;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const send = (id: string, message: object, more: object = {}) =>
  postMessage(
    jsonRequest("/api/whatsapp-webhook", {
      event: "messages.received",
      data: {
        messages: {
          key: { id, fromMe: false, remoteJid: `${ELENA}@s.whatsapp.net` },
          messageTimestamp: WRITTEN,
          message,
          ...more,
        },
      },
    }),
  );
const writes = (text: string, id = "m1") => send(id, { conversation: text }, { messageBody: text });
async function get(query: string) {
  const response = await GET(
    new Request(`http://localhost/api/conversations${query}`, { headers: await world.signIn() }),
  );
  return query.includes("csv") ? response.text() : response.json();
}
async function hands(body: object) {
  const response = await act(jsonRequest("/api/messages", body, await world.signIn()));
  return { status: response.status, body: await response.json() };
}
const labels = async () => (await get("?id=1")).messages.map(({ label }: { label: unknown }) => label);

it("is with the message that says it", async () => {
  await writes("Domani te le mando");
  await writes("Chi siete?", "m2");
  await writes("Ok", "m3");
  expect(await labels()).toEqual([
    { value: "other", date: null, by: "rule" },
    { value: "question", date: null, by: "rule" },
    { value: "promise", date: "2026-11-25", by: "rule" },
  ]);
});

it("is of the words that came with a file too, and no file without words has one", async () => {
  const image = { mimetype: "image/jpeg", url: "https://mmg.whatsapp.net/v/1", mediaKey: "AAAA" };
  await send("m1", { imageMessage: { ...image, caption: "Le altre lunedì" } });
  await send("m2", { imageMessage: image });
  expect(await labels()).toEqual([null, { value: "promise", date: "2026-11-30", by: "rule" }]);
});

it("is not of what was written on our side", async () => {
  await writes("Buongiorno");
  await send(
    "m2",
    { conversation: "Domani la chiamo" },
    { key: { id: "m2", fromMe: true, remoteJid: `${ELENA}@s.whatsapp.net` } },
  );
  expect((await labels())[0]).toBeNull();
});

it("comes with the words, if those come later, and a repeat changes nothing", async () => {
  await send("m1", { imageMessage: { mimetype: "image/jpeg", url: "https://mmg.whatsapp.net/v/1", mediaKey: "AAAA" } });
  expect(await labels()).toEqual([null]);
  await send("m1", {
    imageMessage: {
      mimetype: "image/jpeg",
      url: "https://mmg.whatsapp.net/v/1",
      mediaKey: "AAAA",
      caption: "Chi siete?",
    },
  });
  expect(await labels()).toEqual([{ value: "question", date: null, by: "rule" }]);
  await hands({ action: "label", id: 1, value: "other" });
  await writes("Domani", "m1");
  expect(await labels()).toEqual([{ value: "other", date: null, by: "staff" }]);
});

it("of an objection changes nothing of it", async () => {
  await writes("Non sono interessato");
  const { conversation, messages } = await get("?id=1");
  expect(conversation.objection).toMatchObject({ by: "customer" });
  const incoming = messages.find(({ direction }: { direction: string }) => direction === "incoming");
  expect(incoming.label).toEqual({ value: "refusal", date: null, by: "rule" });
  await hands({ action: "label", id: incoming.id, value: "other" });
  expect((await get("?id=1")).conversation.objection).toMatchObject({ by: "customer" });
});

it("is changed by staff, which stays in the thread, and in the feed", async () => {
  await writes("Le trova dal mio socio");
  const label = { value: "promise", date: "2026-12-04", by: "staff" };
  expect(await hands({ action: "label", id: 1, value: "promise", date: "2026-12-04" })).toEqual({
    status: 200,
    body: { success: true, label },
  });
  expect(await labels()).toEqual([label]);
  expect((await get("?id=1")).actions).toMatchObject([{ who: "Anna", action: "label", message_id: 1 }]);
  expect(await world.query("select from_status, to_status from public.staff_actions")).toEqual([
    { from_status: "other", to_status: "promise" },
  ]);
  await hands({ action: "label", id: 1, value: "question" });
  expect(await labels()).toEqual([{ value: "question", date: null, by: "staff" }]);
});

it.each([
  ["an unknown value", { value: "angry" }, /value: Invalid enum value/],
  ["no value", { value: undefined }, /value: Required/],
  ["a date that does not exist", { value: "promise", date: "2026-02-30" }, /date: Invalid date/],
  ["a time for a date", { value: "promise", date: "2026-12-04T10:00:00Z" }, /date: Invalid date/],
  ["a date of another label", { value: "question", date: "2026-12-04" }, /date: only a promise has one/],
  ["words for an id", { id: "1" }, /id: Expected number/],
])("with %s is refused with what is wrong", async (_, change, message) => {
  await writes("Buongiorno");
  const { status, body } = await hands({ action: "label", id: 1, value: "promise", ...change });
  expect([status, body.error.code]).toEqual([400, "invalid_action"]);
  expect(body.error.message).toMatch(message);
  expect(await labels()).toEqual([{ value: "other", date: null, by: "rule" }]);
});

it("is of incoming messages only", async () => {
  await send(
    "m1",
    { conversation: "Buongiorno" },
    { key: { id: "m1", fromMe: true, remoteJid: `${ELENA}@s.whatsapp.net` } },
  );
  for (const id of [1, 99]) {
    expect((await hands({ action: "label", id, value: "other" })).body.error.code).toBe("not_found");
  }
});

it("is in the exported list: the last that is not other", async () => {
  await writes("Domani te le mando");
  await writes("Grazie", "m2");
  const [header, line] = String(await get("?format=csv"))
    .trim()
    .split("\r\n");
  const at = header?.split(";").indexOf('"Che cosa risponde"') ?? -1;
  expect(line?.split(";").slice(at, at + 2)).toEqual(['"promette"', '"25/11/2026"']);
});
