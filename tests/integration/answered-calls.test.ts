import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { call, ended, incoming, webhook } from "../helpers/surface.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

const PHONE = "+393330000001";
const LID = "98700000000001@lid";
const AT = Date.now() - 3 * 3_600_000;
const time = (minutes: number) => new Date(AT + minutes * 60_000).toISOString();

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  delete process.env.WHATSAPP_API_TOKEN;
});
afterEach(() => {
  delete process.env.WHATSAPP_ASK_AFTER_BILL;
});

const calls = () =>
  world.query<{ answered: boolean; reason: string }>(
    "select electricity_bill_received as answered, should_send_reason as reason from public.cloudtalk_calls order by id",
  );
const hangUp = (more: object) =>
  postCall(jsonRequest("/webhook/cloudtalk", { call_uuid: "a", external_number: 393330000001, ...more }));
const asks = () => world.query("select status from public.whatsapp_messages where kind = 'ask'");

describe("a call whose webhook says that the bill was received", () => {
  it.each([true, "true", 1])("(%s) gets no ask", async (value) => {
    await hangUp({ electricity_bill_received: value });
    expect(await calls()).toEqual([{ answered: true, reason: "bill_already_received" }]);
    expect(await asks()).toEqual([]);
  });

  it("loses the one that waits, if it says so later", async () => {
    await hangUp({});
    expect(await asks()).toEqual([{ status: "queued" }]);
    await hangUp({ electricity_bill_received: true });
    expect(await asks()).toEqual([{ status: "cancelled" }]);
    expect(await calls()).toEqual([{ answered: true, reason: "bill_already_received" }]);
  });

  it("gets one if WHATSAPP_ASK_AFTER_BILL says so", async () => {
    process.env.WHATSAPP_ASK_AFTER_BILL = "true";
    await hangUp({ electricity_bill_received: true });
    expect(await asks()).toEqual([{ status: "queued" }]);
  });
});

describe("a reply", () => {
  it.each([
    ["before the call began", -1, false],
    ["while it lasted", 5, true],
    ["after its end", 30, true],
  ])("that was written %s, whenever it arrives, answers it: %s minutes, %s", async (_, minutes, answers) => {
    await world.query(
      ended({ call_uuid: "a", phone_number: PHONE, call_start_time: time(0), call_end_time: time(10) }),
    );
    await world.query(webhook(incoming("A", { phone: PHONE }, { message_at: time(minutes) })));
    expect(await calls()).toMatchObject([{ answered: answers }]);
  });

  it.each([
    ["before the call began", -1, false],
    ["after its end", 30, true],
  ])(
    "that was written %s answers it if the call is heard of only then: %s minutes, %s",
    async (_, minutes, answers) => {
      await world.query(webhook(incoming("A", { phone: PHONE }, { message_at: time(minutes) })));
      await world.query(
        ended({ call_uuid: "a", phone_number: PHONE, call_start_time: time(0), call_end_time: time(10) }),
      );
      expect(await calls()).toMatchObject([{ answered: answers }]);
    },
  );

  it("answers those of the customer's calls that were before it", async () => {
    for (const [uuid, minutes] of [
      ["a", 0],
      ["b", 60],
      ["c", 120],
    ] as const) {
      await world.query(ended({ call_uuid: uuid, phone_number: PHONE, call_start_time: time(minutes) }));
    }
    await world.query(webhook(incoming("A", { phone: PHONE }, { message_at: time(61) })));
    expect((await calls()).map(({ answered }) => answered)).toEqual([true, true, false]);
  });

  it("to a call that does not say when it was counts if it came within the hour before its webhook", async () => {
    await world.query(ended({ call_uuid: "a", phone_number: PHONE }));
    await world.query(
      webhook(incoming("A", { phone: PHONE }, { message_at: new Date(Date.now() - 2 * 3_600_000).toISOString() })),
    );
    expect(await calls()).toMatchObject([{ answered: false }]);
    await world.query(
      webhook(incoming("B", { phone: PHONE }, { message_at: new Date(Date.now() - 60_000).toISOString() })),
    );
    expect(await calls()).toMatchObject([{ answered: true }]);
  });

  it("that does not say when it was written is of now", async () => {
    await world.query(ended({ call_uuid: "a", phone_number: PHONE, call_start_time: time(0) }));
    await world.query(webhook(incoming("A", { phone: PHONE }, { message_at: null })));
    expect(await calls()).toMatchObject([{ answered: true }]);
  });

  it.each([
    [-1, false],
    [1, true],
  ])("under a LID answers, once its number is known, what was before it: %s minutes, %s", async (minutes, answers) => {
    await world.query(webhook(incoming("A", { lid: LID }, { message_at: time(minutes) })));
    await world.query(ended({ call_uuid: "a", phone_number: PHONE, call_start_time: time(0) }));
    await world.query(call("record_lid", { p_lid: LID, p_phone_number: PHONE }));
    expect(await calls()).toMatchObject([{ answered: answers }]);
  });

  it("from another number of the same customer answers the call as soon as it is known to be theirs", async () => {
    await world.query(ended({ call_uuid: "a", phone_number: PHONE, call_start_time: time(0) }));
    await world.query(webhook(incoming("A", { phone: "+393330000002", lid: LID }, { message_at: time(1) })));
    expect(await calls()).toMatchObject([{ answered: false }]);
    await world.query(webhook(incoming("B", { phone: PHONE, lid: LID }, { message_at: time(-1) })));
    expect(await calls()).toMatchObject([{ answered: true }]);
  });
});
