// The worklists and a customer's second number, over the API.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET } from "../../api/conversations.ts";
import { POST as act } from "../../api/messages.ts";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { GET as poll } from "../../api/whatsapp-incoming.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { Customer, twoMonthly } from "../helpers/cases.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

const MOBILE = "393330000001";
const LANDLINE = "390612345678";
const OTHER = "393330000002";
const NONE = {
  questions: 0,
  wrong_numbers: 0,
  promises: 0,
  bills: 0,
  other_supplies: 0,
  not_reachable: 0,
  never_delivered: 0,
  to_call: 0,
};

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  delete process.env.WHATSAPP_API_TOKEN;
});

let calls = 0;
const called = (number: string) =>
  postCall(
    jsonRequest("/webhook/cloudtalk", { call_uuid: `call-${++calls}`, external_number: number, talking_time: 60 }),
  );
let messages = 0;
const writes = (number: string, text: string) => {
  const key = { id: `T${++messages}`, fromMe: false, remoteJid: `${number}@s.whatsapp.net` };
  const data = { messages: { key, messageTimestamp: Math.floor(Date.now() / 1000), message: { conversation: text } } };
  return postMessage(jsonRequest("/api/whatsapp-webhook", { event: "messages.received", data }));
};
const get = async (query: string) => {
  const response = await GET(
    new Request(`http://localhost/api/conversations${query}`, { headers: await world.signIn() }),
  );
  return {
    status: response.status,
    text: await response.clone().text(),
    body: await response.json().catch(() => null),
  };
};
const feed = async (after = "") => {
  const url = `http://localhost/api/whatsapp-incoming${after && `?after=${encodeURIComponent(after)}`}`;
  return (await poll(new Request(url, { headers: await world.signIn() }))).json();
};
const hands = async (body: object) => {
  const response = await act(jsonRequest("/api/messages", body, await world.signIn()));
  return { status: response.status, body: await response.json() };
};
/** The customers on a worklist, and why. */
const list = async (todo: string) => {
  const { body } = await get(`?todo=${todo}`);
  expect(body.todo[todo]).toBe(body.conversations.length);
  return body.conversations.map(
    (one: { id: number; todo: { todo: string; reason: string; date: string | null }[] }) => {
      const item = one.todo.find((its) => its.todo === todo);
      return [one.id, item?.reason, ...(item?.date ? [item.date] : [])];
    },
  );
};
const done = (todo: string, conversation_id = 1) => hands({ action: "done", conversation_id, todo });
const asks = () =>
  world.query(
    "select phone_number, status, cancelled_by, first_contact, call_id is not null as of_call from public.whatsapp_messages where kind = 'ask' order by id",
  );
const ago = (column: string, interval: string, where = "true") =>
  world.query(
    `update public.whatsapp_messages set ${column} = clock_timestamp() - interval '${interval}' where ${where}`,
  );
const ASK_OF = (number: string) => `kind = 'ask' and phone_number = '+${number}'`;

describe("a worklist", () => {
  it("has numbers in the list's and the feed's answers, and is asked for by name", async () => {
    await called(MOBILE);
    expect((await get("")).body.todo).toEqual(NONE);
    expect((await feed()).todo).toEqual(NONE);
    expect((await get("?todo=everything")).status).toBe(400);
    await writes(MOBILE, "Ma chi siete?");
    const { todo, cursor } = await feed();
    expect(todo).toEqual({ ...NONE, questions: 1 });
    // A quiet poll knows them too.
    expect((await feed(cursor)).todo).toEqual({ ...NONE, questions: 1 });
  });

  it("questions, refusals, e-mail: until staff say done or give another label; only something newer brings it back", async () => {
    await called(MOBILE);
    await writes(MOBILE, "A cosa vi servono le bollette?");
    expect(await list("questions")).toEqual([[1, "question"]]);
    const { body } = await get("?todo=questions");
    expect(body.conversations[0].todo[0]).toMatchObject({ text: "A cosa vi servono le bollette?" });
    expect(await done("questions")).toEqual({ status: 200, body: { success: true, todo: [] } });
    expect(await list("questions")).toEqual([]);
    expect((await get("?id=1")).body.actions).toMatchObject([{ who: "Anna", action: "done" }]);
    await writes(MOBILE, "Non voglio mandarvi niente");
    expect((await list("questions"))[0][0]).toBe(1);
    const [last] = await world.query<{ id: string }>("select max(id) as id from public.whatsapp_messages");
    await hands({ action: "label", id: Number(last?.id), value: "other" });
    expect(await list("questions")).toEqual([]);
    expect((await done("questions", 99)).status).toBe(404);
  });

  it("wrong numbers", async () => {
    await called(MOBILE);
    await writes(MOBILE, "Ha sbagliato numero");
    expect(await list("wrong_numbers")).toEqual([[1, "wrong_number"]]);
    await done("wrong_numbers");
    expect(await list("wrong_numbers")).toEqual([]);
  });

  it("promises, once their day is over; a file ends them", async () => {
    await called(MOBILE);
    await writes(MOBILE, "Le mando domani");
    expect(await list("promises")).toEqual([]);
    const { cursor } = await feed();
    await world.query(
      "update public.whatsapp_messages set label_date = '2026-11-20', text = text || '.' where label = 'promise'",
    );
    expect(await list("promises")).toEqual([[1, "promise", "2026-11-20"]]);
    expect((await feed(cursor)).todo.promises).toBe(1);
    await world.query(
      `insert into public.whatsapp_messages (direction, kind, status, phone_number, type, media_state, media_error)
       values ('incoming', 'incoming', 'received', '+${MOBILE}', 'image', 'failed', 'gone')`,
    );
    expect(await list("promises")).toEqual([]);
  });

  it("time alone brings a lapsed promise, also to a poll that is otherwise quiet", async () => {
    await called(MOBILE);
    await writes(MOBILE, "Le mando domani");
    await world.query("update private.todos set due_at = clock_timestamp() + interval '1 second'");
    const { cursor, todo } = await feed();
    expect(todo.promises).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await feed(cursor)).todo.promises).toBe(1);
  });

  it("never delivered: 48 hours after it was sent, for thirty days, unless the customer has written since", async () => {
    await called(MOBILE);
    await called(OTHER);
    await world.query(
      "update public.whatsapp_messages set status = 'sent', sent_at = clock_timestamp(), wasender_id = id::text",
    );
    expect(await list("never_delivered")).toEqual([]);
    await world.query(
      "update public.whatsapp_messages set sent_at = clock_timestamp() - interval '49 hours', status = 'sent', text = text || '.'",
    );
    expect((await list("never_delivered")).toSorted()).toEqual([
      [1, "never_delivered"],
      [2, "never_delivered"],
    ]);
    await writes(OTHER, "Buongiorno");
    await world.query("update public.whatsapp_messages set status = 'delivered' where conversation_id = 1");
    expect(await list("never_delivered")).toEqual([]);
  });

  it("to call: three reminders without result, as a file for the dialler", async () => {
    await called(MOBILE);
    await world.query(
      "update public.whatsapp_messages set status = 'delivered', sent_at = clock_timestamp() - interval '30 days'",
    );
    const remind = (days: number) =>
      world.query(
        `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, sent_at)
         values ('outgoing', 'reminder', 'delivered', '+${MOBILE}', 'Mancano', clock_timestamp() - interval '${days} days')`,
      );
    await remind(12);
    await remind(8);
    expect(await list("to_call")).toEqual([]);
    await remind(4);
    expect(await list("to_call")).toEqual([[1, "reminded"]]);
    const lines = (await get("?todo=to_call&format=csv")).text.replace("\uFEFF", "").trim().split("\r\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(new RegExp(`^"${MOBILE}";`));
    expect(lines[1]).toContain('"promemoria senza esito"');
    await writes(MOBILE, "Ciao");
    expect(await list("to_call")).toEqual([]);
  });

  it("bills to confirm, until all of a customer's are, or staff say done; a new file brings it back", async () => {
    const c = await Customer.make(world);
    const file = await c.sends([], { state: "needs_eyes" });
    expect(await list("bills")).toEqual([[c.id, "to_confirm"]]);
    await done("bills", c.id);
    expect(await list("bills")).toEqual([]);
    const another = await c.sends([], { state: "failed" });
    expect(await list("bills")).toEqual([[c.id, "to_confirm"]]);
    for (const id of [file, another]) await hands({ action: "bill_reject", id });
    expect(await list("bills")).toEqual([]);
  });

  it("a complete case, until somebody has asked for other supplies: then never again", async () => {
    const c = await Customer.make(world);
    for (const bill of twoMonthly()) await c.sends([bill]);
    expect(await list("other_supplies")).toEqual([[c.id, "complete"]]);
    await done("other_supplies", c.id);
    await c.sends([{ ...twoMonthly()[0], pod: c.pod(2) }]);
    expect((await get("")).body.conversations[0].case.state).toBe("open");
    for (const bill of twoMonthly().slice(1)) await c.sends([{ ...bill, pod: c.pod(2) }]);
    expect((await get("")).body.conversations[0].case.state).toBe("complete");
    expect(await list("other_supplies")).toEqual([]);
  });

  it("what was done for one of two conversations that become one stays done", async () => {
    await called(MOBILE);
    await called(OTHER);
    await writes(OTHER, "A cosa vi servono le bollette?");
    await done("questions", 2);
    await world.query("select private.merge_customers(2, 1)");
    expect(await list("questions")).toEqual([]);
    await writes(OTHER, "A cosa vi servono le bollette?");
    expect(await list("questions")).toEqual([[1, "question"]]);
  });

  it("somebody who objects is on none of those that lead to a message", async () => {
    await called(LANDLINE);
    expect(await list("not_reachable")).toEqual([[1, "landline"]]);
    await hands({ action: "objection", conversation_id: 1, objects: true, reason: "Lo ha detto" });
    expect(await list("not_reachable")).toEqual([]);
  });

  it("search works within it", async () => {
    await called(LANDLINE);
    expect((await get("?todo=not_reachable&q=12345678")).body.conversations).toHaveLength(1);
    expect((await get("?todo=not_reachable&q=333")).body.conversations).toHaveLength(0);
    expect((await get("?todo=bills&q=12345678")).body.conversations).toHaveLength(0);
  });
});

describe("a second number", () => {
  const enter = (phone_number: string, conversation_id = 1) =>
    hands({ action: "second_number", conversation_id, phone_number });

  it("gets the ask that was not sent, in the same conversation, once", async () => {
    await called(LANDLINE);
    expect(await list("not_reachable")).toEqual([[1, "landline"]]);
    const { status, body } = await enter("333 000 0001");
    expect(status).toBe(200);
    expect(body).toMatchObject({ phone_number: `+${MOBILE}`, message: { status: "queued" } });
    const moved = [
      { phone_number: `+${LANDLINE}`, status: "cancelled", cancelled_by: "Anna", first_contact: true, of_call: true },
      { phone_number: `+${MOBILE}`, status: "queued", cancelled_by: null, first_contact: true, of_call: true },
    ];
    expect(await asks()).toEqual(moved);
    expect(await list("not_reachable")).toEqual([]);
    expect((await enter(`+${MOBILE}`)).body).toMatchObject({ success: true, message: null });
    expect(await asks()).toEqual(moved);
    expect((await get("?id=1")).body.actions).toHaveLength(1);
    await writes(MOBILE, "Eccomi");
    expect((await get("?id=1")).body.messages).toHaveLength(3);
  });

  it("gets one that has failed, and what staff write; later calls' asks go there too", async () => {
    await called(MOBILE);
    await world.query("update public.whatsapp_messages set status = 'failed', error_code = 'not_on_whatsapp'");
    await world.query("update public.conversation_numbers set on_whatsapp = false, checked_at = clock_timestamp()");
    expect(await list("not_reachable")).toEqual([[1, "not_on_whatsapp"]]);
    await enter(OTHER);
    expect(await asks()).toMatchObject([{ status: "cancelled" }, { phone_number: `+${OTHER}`, status: "queued" }]);
    const reply = { action: "reply", conversation_id: 1, text: "Ciao", client_id: crypto.randomUUID() };
    expect((await hands(reply)).body.message.phone_number).toBe(`+${OTHER}`);
    await world.query(
      "update public.whatsapp_messages set status = 'delivered', sent_at = clock_timestamp() where status = 'queued'",
    );
    await called(MOBILE);
    expect((await asks()).at(-1)).toMatchObject({ phone_number: `+${OTHER}`, status: "queued" });
  });

  it("does not get one that was sent", async () => {
    await called(MOBILE);
    await ago("sent_at", "1 hour", ASK_OF(MOBILE));
    await world.query("update public.whatsapp_messages set status = 'delivered'");
    expect((await enter(OTHER)).body.message).toBeNull();
    expect(await asks()).toMatchObject([{ status: "delivered" }]);
  });

  it("of another customer is refused, and what is no number, and a customer that there is not", async () => {
    await called(MOBILE);
    await called(OTHER);
    expect(await enter(OTHER)).toMatchObject({ status: 409, body: { error: { code: "not_possible" } } });
    expect((await enter("ciao")).status).toBe(400);
    expect((await enter("3330000003", 99)).status).toBe(404);
  });
});
