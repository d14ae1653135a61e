import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openSession, type Session } from "../helpers/session.ts";
import { call, claim, ended, incoming, settle, webhook } from "../helpers/surface.ts";
import { createWorld, type World } from "../helpers/world.ts";

const PHONE = "+393330000001";

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
  await world.query(ended({ call_uuid: "a", phone_number: PHONE }));
});
afterEach(async () => {
  await one.close();
  await two.close();
});

type Claimed = { message?: { id: number; lease_token: string }; idle?: string };
const claimed = (rows: unknown): Claimed => (rows as { answer: Claimed }[])[0]?.answer ?? {};
const asks = () =>
  world.query<{ status: string; error_code: string | null }>(
    "select status, error_code from public.whatsapp_messages where kind = 'ask' order by id",
  );
const act = (action: string) =>
  `select public.act_on_message('${action}', id) as answer from public.whatsapp_messages where kind = 'ask'`;

/** What takes back an ask that waits. */
const WITHDRAWALS = {
  "a webhook that says that nobody talked": ended({ call_uuid: "a", phone_number: PHONE, talked: false }),
  "a webhook that says not to ask": ended({ call_uuid: "a", phone_number: PHONE, stated_should_send: false }),
  "staff who cancel it": act("cancel"),
  "staff who mark the bill": call("act_on_conversation", { p_action: "bill_set", p_conversation_id: 1 }),
};

describe.each(Object.entries(WITHDRAWALS))("%s", (_, withdrawal) => {
  it("is not overtaken: what it has taken back and not yet committed is not claimed", async () => {
    await one.hold(withdrawal);
    const claiming = await two.start(claim());
    await one.commit();
    expect(claimed(await claiming.done).message).toBeUndefined();
    expect(await asks()).toMatchObject([{ status: "cancelled" }]);
    // Nor later.
    expect(claimed(await world.query(claim()))).toMatchObject({ idle: "empty" });
  });

  it("does not take back what is being claimed at that moment", async () => {
    await one.run("begin");
    const { message } = claimed(await one.run(claim()));
    const withdrawing = await two.start(withdrawal);
    expect(withdrawing.waits).toBe(true);
    await one.commit();
    await withdrawing.done;
    expect(await asks()).toMatchObject([{ status: "sending" }]);
    await world.query(settle(message?.lease_token ?? "", "sent", { wasender_id: "1" }));
    expect(await asks()).toMatchObject([{ status: "sent", error_code: null }]);
    // The call has its ask, whatever its webhooks say later.
    await world.query(ended({ call_uuid: "a", phone_number: PHONE, talked: false }));
    await world.query(ended({ call_uuid: "a", phone_number: PHONE, talked: true, stated_should_send: true }));
    expect(await asks()).toMatchObject([{ status: "sent" }]);
  });
});

/** Where a webhook may have to wait for somebody else. */
const WAITS = {
  "at the call's key": "select private.lock_keys('call:a')",
  "at the customer's key": `select private.lock_keys('address:${PHONE}')`,
  "at the call": "select from public.cloudtalk_calls for update",
  "at the customer": "select from public.conversations for update",
  "at its message": "select from public.whatsapp_messages for update",
};

it.each(Object.entries(WAITS))(
  "a webhook that withdraws an ask and waits %s while a drain claims: it is either withdrawn or sent",
  async (_, lock) => {
    await one.hold(lock);
    const withdrawing = await two.start(ended({ call_uuid: "a", phone_number: PHONE, talked: false }));
    expect(withdrawing.waits).toBe(true);
    const claiming = claimed(await world.query(claim()));
    await one.commit();
    await withdrawing.done;
    expect(await asks()).toMatchObject([{ status: claiming.message ? "sending" : "cancelled" }]);
    // And the call is not asked a second time, whatever it says next.
    await world.query(ended({ call_uuid: "a", phone_number: PHONE, talked: true }));
    if (claiming.message) expect(await asks()).toHaveLength(1);
    else expect(await asks()).toMatchObject([{ status: "cancelled" }, { status: "queued" }]);
  },
);

it("a bill that comes while its ask is being sent: the ask is not sent again if it comes back unsent", async () => {
  const { message } = claimed(await world.query(claim()));
  await world.query(call("act_on_conversation", { p_action: "bill_set", p_conversation_id: 1 }));
  await world.query(settle(message?.lease_token ?? "", "rate_limited", { code: "rate_limited" }));
  expect(await asks()).toEqual([{ status: "cancelled", error_code: "bill_already_received" }]);
  expect(claimed(await world.query(claim()))).toMatchObject({ idle: "empty" });
});

it("a mark that was a mistake, made and unmade while the ask is being sent, withdraws nothing", async () => {
  const { message } = claimed(await world.query(claim()));
  await world.query(call("act_on_conversation", { p_action: "bill_set", p_conversation_id: 1 }));
  await world.query(call("act_on_conversation", { p_action: "bill_unset", p_conversation_id: 1 }));
  await world.query(settle(message?.lease_token ?? "", "rate_limited", { code: "rate_limited" }));
  expect(await asks()).toEqual([{ status: "queued", error_code: "rate_limited" }]);
});

it("a reply that is recorded while the ask is claimed takes nothing back, and waits for nothing but the claim", async () => {
  await one.run("begin");
  const { message } = claimed(await one.run(claim()));
  const replying = await two.start(webhook(incoming("A", { phone: PHONE })));
  await one.commit();
  await replying.done;
  await world.query(settle(message?.lease_token ?? "", "sent", { wasender_id: "1" }));
  expect(await asks()).toMatchObject([{ status: "sent" }]);
});
