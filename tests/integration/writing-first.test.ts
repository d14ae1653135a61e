// A customer who writes first, with the code of the call, over the app's own endpoints.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET } from "../../api/conversations.ts";
import { POST as act } from "../../api/messages.ts";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

const FARM = "393330000001";
const OTHER_FARM = "393330000002";
const STRANGER = "393330000009";
const UUID = "3f2a9c1e-77aa-4b1c-9d0e-0123456789ab";
const CODE = "Bollette 3F2A9C1E";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  delete process.env.WHATSAPP_API_TOKEN;
  delete process.env.WHATSAPP_NUMBER;
});

const called = async (number: string, call_uuid: string) => {
  const response = await postCall(
    jsonRequest("/webhook/cloudtalk", { call_uuid, external_number: number, talking_time: 60 }),
  );
  expect(response.status).toBe(200);
};
let messages = 0;
const writes = async (remoteJid: string, text: string, id = `M${++messages}`) => {
  const key = { id, fromMe: false, remoteJid: remoteJid.includes("@") ? remoteJid : `${remoteJid}@s.whatsapp.net` };
  const body = {
    event: "messages.received",
    data: { messages: { key, messageBody: text, message: { conversation: text } } },
  };
  const response = await postMessage(jsonRequest("/api/whatsapp-webhook", body));
  expect(response.status).toBe(200);
};
const owner = async (address: string) => {
  const [row] = await world.query<{ conversation_id: string; known_by: string }>(
    `select conversation_id, known_by from public.conversation_numbers where address = '${address}'`,
  );
  return row && { customer: Number(row.conversation_id), known_by: row.known_by };
};
const thread = async (id: number) => {
  const response = await GET(
    new Request(`http://localhost/api/conversations?id=${id}`, { headers: await world.signIn() }),
  );
  return response.json();
};
const hands = async (body: object) => {
  const response = await act(jsonRequest("/api/messages", body, await world.signIn()));
  return { status: response.status, body: await response.json() };
};
const ask = async () => {
  const [row] = await world.query(
    "select phone_number, status, first_contact from public.whatsapp_messages where kind = 'ask' and status <> 'cancelled'",
  );
  return row;
};

describe("the link of a call", () => {
  it("names our number and the call's code, as it stands in its id", async () => {
    await called(FARM, UUID);
    expect((await thread(1)).calls[0]).toMatchObject({ code: "3f2a9c1e", link: null });
    process.env.WHATSAPP_NUMBER = "+39 333 000 0000";
    expect((await thread(1)).calls[0].link).toBe("https://wa.me/393330000000?text=Bollette%203f2a9c1e");
  });

  it("is not there if the id is too short", async () => {
    process.env.WHATSAPP_NUMBER = "+393330000000";
    await called(FARM, "a-1");
    expect((await thread(1)).calls[0]).toMatchObject({ code: null, link: null });
  });
});

describe("a code from a number that we do not know", () => {
  it("joins it to the call's customer, who has answered", async () => {
    await called(FARM, UUID);
    await writes(STRANGER, `Buongiorno! ${CODE}`);
    expect(await owner(`+${STRANGER}`)).toEqual({ customer: 1, known_by: "code" });
    const { conversation, calls, messages: all } = await thread(1);
    expect(conversation).toMatchObject({ state: "answered", unread: 1, phone_number: `+${FARM}` });
    expect(calls).toHaveLength(1);
    expect(all.map(({ direction }: { direction: string }) => direction)).toEqual(["incoming", "outgoing"]);
    // What is written next from there is the customer's.
    await writes(STRANGER, "Eccole");
    expect((await thread(1)).messages).toHaveLength(3);
  });

  it("also behind a LID: the customer's chat is warm", async () => {
    await writes("98700000000001@lid", CODE);
    await called(FARM, UUID);
    const joined = await owner("98700000000001@lid");
    expect(joined).toEqual({ customer: (await owner(`+${FARM}`))?.customer, known_by: "code" });
    expect(await ask()).toMatchObject({ phone_number: `+${FARM}`, first_contact: false });
  });

  it("waits an hour for a call that has not come yet, and no longer", async () => {
    await writes(STRANGER, CODE);
    await writes("393330000008", CODE);
    await world.query(
      "update public.whatsapp_messages set created_at = created_at - interval '61 minutes' where phone_number = '+393330000008'",
    );
    await called(FARM, UUID);
    expect((await owner(`+${STRANGER}`))?.customer).toBe((await owner(`+${FARM}`))?.customer);
    expect((await owner("+393330000008"))?.customer).not.toBe((await owner(`+${FARM}`))?.customer);
    expect((await thread((await owner(`+${FARM}`))?.customer ?? 0)).conversation.state).toBe("answered");
  });

  it("means nothing if it fits two calls of ninety days, or only an older one", async () => {
    await called(FARM, UUID);
    await called(OTHER_FARM, "3f2a9c1e-0000-4b1c-9d0e-0123456789ab");
    await writes(STRANGER, CODE);
    expect(await owner(`+${STRANGER}`)).toEqual({ customer: 3, known_by: "message" });
    await world.query("update public.cloudtalk_calls set created_at = created_at - interval '91 days' where id = 1");
    await writes("393330000008", CODE);
    expect((await owner("+393330000008"))?.customer).toBe(2);
    await world.query("update public.cloudtalk_calls set created_at = created_at - interval '91 days' where id = 2");
    await writes("393330000007", CODE);
    expect((await owner("+393330000007"))?.known_by).toBe("message");
  });

  it("the call's own number needs no code, and the same webhook twice changes nothing", async () => {
    await called(FARM, UUID);
    await writes(FARM, CODE, "SAME");
    await writes(FARM, CODE, "SAME");
    expect((await thread(1)).messages).toHaveLength(2);
    expect((await thread(1)).codes).toEqual([]);
  });
});

describe("a code from a number that we know", () => {
  beforeEach(async () => {
    await called(FARM, UUID);
    await called(OTHER_FARM, "another-call-of-another-farm");
    await writes(OTHER_FARM, CODE, "PROPOSED");
  });
  const proposed = async () => (await thread(2)).codes[0];

  it("is proposed to staff, who join the two", async () => {
    const code = await proposed();
    expect(code).toMatchObject({ code: "3f2a9c1e", conversation: { id: 1, phone_number: `+${FARM}` } });
    const done = await hands({ action: "join", id: code.message_id, accept: true });
    expect(done).toEqual({ status: 200, body: { success: true, conversation: 1 } });
    expect((await owner(`+${OTHER_FARM}`))?.customer).toBe(1);
    const joined = await thread(1);
    expect(joined.codes).toEqual([]);
    expect(joined.actions).toMatchObject([{ who: "Anna", action: "code_join" }]);
    expect((await hands({ action: "join", id: code.message_id, accept: true })).status).toBe(404);
  });

  it("is proposed to staff, who keep the two apart", async () => {
    const code = await proposed();
    expect((await hands({ action: "join", id: code.message_id, accept: false })).body.conversation).toBe(2);
    expect((await owner(`+${OTHER_FARM}`))?.customer).toBe(2);
    const { codes, actions } = await thread(2);
    expect(codes).toEqual([]);
    expect(actions).toMatchObject([{ action: "code_refuse" }]);
  });

  it("is proposed also if the call comes later", async () => {
    await writes(OTHER_FARM, "Bollette 77777777");
    await called("393330000003", "77777777-77aa-4b1c-9d0e-0123456789ab");
    expect((await thread(2)).codes).toMatchObject([{ conversation: { id: 1 } }, { conversation: { id: 3 } }]);
  });

  it("is gone with the call's customer, once that one is erased", async () => {
    await world.query(`select public.erase_customer(public.start_erasure('+${FARM}'))`);
    expect((await thread(2)).codes).toEqual([]);
  });

  it("is no longer proposed once the two are one by other ways", async () => {
    await world.query("select private.merge_customers(2, 1)");
    expect((await thread(1)).codes).toEqual([]);
  });
});

it("a LID that was joined by a code and turns out to be somebody we know stays with the one we know", async () => {
  await called(FARM, UUID);
  await called(OTHER_FARM, "another-call-of-another-farm");
  await writes("98700000000001@lid", CODE);
  expect((await owner("98700000000001@lid"))?.customer).toBe(1);
  await world.query(`select public.record_lid(p_lid => '98700000000001@lid', p_phone_number => '+${OTHER_FARM}')`);
  expect(await owner("98700000000001@lid")).toEqual({ customer: 2, known_by: "lid" });
  expect((await owner(`+${FARM}`))?.customer).toBe(1);
  // With what was written there; and staff are asked as if the number had been known at once.
  expect((await thread(1)).messages).toHaveLength(1);
  expect((await thread(1)).conversation.state).toBe("waiting");
  expect((await thread(2)).codes).toMatchObject([{ code: "3f2a9c1e", conversation: { id: 1 } }]);
});
