// The customer who writes first, and the second number, while somebody else is at work on the same.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openSession, type Session } from "../helpers/session.ts";
import { call, claim, ended, incoming, settle, webhook } from "../helpers/surface.ts";
import { createWorld, type World } from "../helpers/world.ts";

const FARM = "+393330000001";
const STRANGER = "+393330000009";
const SECOND = "+393330000002";
const LID = "98700000000001@lid";
const UUID = "3f2a9c1e-77aa-4b1c-9d0e-0123456789ab";
const CODE = { text: "Bollette 3f2a9c1e", code: "3f2a9c1e" };

let world: World;
let one: Session;
let two: Session;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  one = await openSession(world);
  two = await openSession(world);
});
afterEach(async () => {
  await one.close();
  await two.close();
});

const CALL = ended({ call_uuid: UUID, phone_number: FARM });
const WRITTEN = webhook(incoming("A", { phone: STRANGER }, CODE));
const BEHIND_LID = webhook(incoming("B", { lid: LID }, CODE));
const customers = () =>
  world.query<{ address: string; customer: string }>(
    "select address, conversation_id as customer from public.conversation_numbers order by address",
  );
const oneCustomer = async (addresses: string[]) => {
  const found = await customers();
  expect(found.map(({ address }) => address)).toEqual(addresses.toSorted());
  expect(new Set(found.map(({ customer }) => customer)).size).toBe(1);
  const asks = await world.query<{ conversation_id: string }>(
    "select conversation_id from public.whatsapp_messages where kind = 'ask'",
  );
  expect(asks.map((ask) => ask.conversation_id)).toEqual([found[0]?.customer]);
  expect(await world.query("select * from private.written_codes where conversation_id is distinct from 1")).toEqual([]);
  expect(await world.query("select electricity_bill_received as answered from public.cloudtalk_calls")).toEqual([
    { answered: true },
  ]);
};

describe("a code and its call at the same time", () => {
  it.each([
    ["the call first", CALL, WRITTEN],
    ["the code first", WRITTEN, CALL],
    ["the call first, then behind a LID", CALL, BEHIND_LID],
    ["behind a LID, then the call", BEHIND_LID, CALL],
  ])("%s: the second waits for the first, and they are one customer", async (_, first, second) => {
    await one.hold(first);
    const waiting = await two.start(second);
    expect(waiting.waits).toBe(true);
    await one.commit();
    await waiting.done;
    await oneCustomer([FARM, second === BEHIND_LID || first === BEHIND_LID ? LID : STRANGER]);
  });

  it("two copies of each, all at once", async () => {
    const sessions = [one, two, await openSession(world), await openSession(world)];
    try {
      for (let n = 0; n < 10; n++) {
        await world.reset();
        const all = [WRITTEN, CALL, WRITTEN, CALL];
        await Promise.all(sessions.map((session, at) => session.run(all[(at + n) % 4] ?? "")));
        await oneCustomer([FARM, STRANGER]);
      }
    } finally {
      for (const session of sessions.slice(2)) await session.close();
    }
  });

  it("two who write with it are both the customer", async () => {
    await one.hold(WRITTEN);
    const waiting = await two.start(BEHIND_LID);
    expect(waiting.waits).toBe(true);
    await one.commit();
    await waiting.done;
    await world.query(CALL);
    await oneCustomer([FARM, LID, STRANGER]);
  });

  it("staff who decide while the two become one find nothing to decide", async () => {
    await world.query(ended({ call_uuid: "other-call-1", phone_number: STRANGER }));
    await world.query(CALL);
    await world.query(WRITTEN);
    const [code] = await world.query<{ message_id: string }>("select message_id from private.written_codes");
    await one.run("begin");
    await one.run("select private.merge_customers(2, 1)");
    const deciding = await two.start(call("act_on_code", { p_message_id: Number(code?.message_id), p_accept: true }));
    expect(deciding.waits).toBe(true);
    await one.commit();
    expect(await deciding.done).toEqual([{ answer: { error: "not_found" } }]);
  });
});

describe("a second number while the ask is being claimed", () => {
  const ENTER = call("add_number", { p_conversation_id: 1, p_phone_number: SECOND });
  const asks = () =>
    world.query("select phone_number, status from public.whatsapp_messages where kind = 'ask' order by id");
  type Claimed = { answer: { message?: { lease_token: string; phone_number: string } } }[];
  beforeEach(() => world.query(CALL));

  it("waits for the claim, and gets the ask if that comes back unsent", async () => {
    await one.run("begin");
    const [claimed] = (await one.run(claim())) as Claimed;
    const entering = await two.start(ENTER);
    expect(entering.waits).toBe(true);
    await one.commit();
    expect(await entering.done).toMatchObject([{ answer: { phone_number: SECOND, message: null } }]);
    expect(await asks()).toEqual([{ phone_number: FARM, status: "sending" }]);
    await world.query(settle(claimed?.answer.message?.lease_token ?? "", "refused", { code: "not_on_whatsapp" }));
    expect(await asks()).toEqual([
      { phone_number: FARM, status: "cancelled" },
      { phone_number: SECOND, status: "queued" },
    ]);
  });

  it("does not get the ask if it was sent", async () => {
    const [claimed] = (await world.query(claim())) as Claimed;
    await world.query(ENTER);
    await world.query(settle(claimed?.answer.message?.lease_token ?? "", "sent", { wasender_id: "1" }));
    expect(await asks()).toEqual([{ phone_number: FARM, status: "sent" }]);
  });

  it("goes before a claim that waits for it: that one takes the new number's ask", async () => {
    await one.hold(ENTER);
    const claiming = await two.start(claim());
    expect(claiming.waits).toBe(true);
    await one.commit();
    expect(await claiming.done).toMatchObject([{ answer: { message: { phone_number: SECOND } } }]);
    expect(await asks()).toEqual([
      { phone_number: FARM, status: "cancelled" },
      { phone_number: SECOND, status: "sending" },
    ]);
  });

  it("entered twice at once is entered once", async () => {
    await one.hold(ENTER);
    const again = await two.start(ENTER);
    expect(again.waits).toBe(true);
    await one.commit();
    await again.done;
    expect(await asks()).toHaveLength(2);
    expect(await world.query("select * from public.staff_actions where action = 'second_number'")).toHaveLength(1);
  });

  it("that writes to us for the first time at that moment has a conversation of its own", async () => {
    await one.hold(webhook(incoming("C", { phone: SECOND })));
    const entering = await two.start(ENTER);
    expect(entering.waits).toBe(true);
    await one.commit();
    expect(await entering.done).toEqual([{ answer: { error: "not_possible", status: "number_taken" } }]);
    expect(await asks()).toEqual([{ phone_number: FARM, status: "queued" }]);
  });
});

it("whoever is at work on a few customers and their codes, no two wait for each other", async () => {
  const uuids = ["aaaaaaa1-1", "aaaaaaa2-1", "aaaaaaa3-1"];
  const phones = ["+393330000011", "+393330000012", "+393330000013", "+393330000014"];
  const any = <Item>(list: Item[]) => list[Math.floor(Math.random() * list.length)] as Item;
  const code = () => any(uuids).slice(0, 8);
  const written = () => {
    const from = any([{ phone: any(phones) }, { lid: LID }, { phone: any(phones), lid: LID }]);
    const said = code();
    return incoming(crypto.randomUUID(), from, { text: `Bollette ${said}`, code: said });
  };
  const steps = [
    () => ended({ call_uuid: any(uuids), phone_number: any(phones) }),
    () => webhook(written(), written()),
    () => webhook(written()),
    () => call("record_lid", { p_lid: LID, p_phone_number: any(phones) }),
    () => `select public.add_number(max(id), '${any(phones)}') from public.conversations where merged_into is null`,
    () => `select public.finish_todo(max(id), 'questions') from public.conversations where merged_into is null`,
    () => `select public.act_on_code(max(message_id), true) from private.written_codes`,
    () => claim(),
  ];
  const sessions = [one, two];
  while (sessions.length < 6) sessions.push(await openSession(world));
  const refused: string[] = [];
  try {
    for (let round = 0; round < 15; round++) {
      await world.reset();
      await Promise.all(
        sessions.map(async (session) => {
          for (let n = 0; n < 12; n++) {
            await session.run(any(steps)()).catch((error: { code?: string }) => refused.push(`${error.code} ${error}`));
          }
        }),
      );
      const lost = await world.query(
        `select a.address from (select phone_number as address, conversation_id from public.whatsapp_messages
           union all select lid, conversation_id from public.whatsapp_messages
           union all select phone_number, conversation_id from public.cloudtalk_calls) a
           join public.conversation_numbers n on n.address = a.address where n.conversation_id <> a.conversation_id`,
      );
      expect(lost).toEqual([]);
    }
  } finally {
    for (const session of sessions.slice(2)) await session.close();
  }
  // Two that made the same row at once, or found what they lock another's, are told so, and try again
  // (lib/supabase/client.ts).
  expect(refused.filter((why) => !/^(23505|40001)/.test(why))).toEqual([]);
}, 120_000);
