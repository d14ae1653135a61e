import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { claimBy, outgoing, terms } from "../helpers/contact.ts";
import { call, ended, incoming, settle, state, webhook } from "../helpers/surface.ts";
import { createWorld, type World } from "../helpers/world.ts";

// The number is lost if the program goes on writing to strangers after WhatsApp has begun to refuse that.

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  calls = 0;
  sent = 0;
});

let calls = 0;
let sent = 0;
const phoneOf = (n: number) => `+3933300${String(n).padStart(5, "0")}`;
/** Calls end: each is asked, by default for the first time. */
async function asks(count: number) {
  for (let n = 0; n < count; n++) {
    calls++;
    await world.query(ended({ call_uuid: `call ${calls}`, phone_number: phoneOf(calls) }));
  }
}
/** Sends the next message and returns its id; null if none goes. */
async function send(): Promise<number | null> {
  const { message } = await claimBy(world);
  if (!message) return null;
  sent++;
  await world.query(settle(message.lease_token, "sent", { wasender_id: `w${message.id}-${sent}` }));
  await world.query(`update public.whatsapp_messages set whatsapp_id = 'W${sent}' where id = ${message.id}`);
  return message.id;
}
const tells = async (id: number | null, what: "delivered" | "failed", code: "restricted" | null = null) => {
  const [row] = await world.query<{ whatsapp_id: string }>(
    `select whatsapp_id from public.whatsapp_messages where id = ${id}`,
  );
  await world.query(webhook({ ...state(what, row?.whatsapp_id ?? ""), code }));
};
async function reply(phone: string) {
  await world.query(webhook(incoming(crypto.randomUUID(), { phone })));
  await world.query(
    `select public.act_on_conversation('reply', conversation_id, 'Grazie', gen_random_uuid())
       from public.conversation_numbers where address = '${phone}'`,
  );
}
const restriction = async () =>
  (
    await world.query<{ restricted: boolean; hours: number | null }>(
      "select restricted_at is not null as restricted, round(extract(epoch from restricted_until - now()) / 3600)::int as hours from public.whatsapp_sender",
    )
  )[0];
/** So many hours pass for the restriction. */
const pass = (hours: number) =>
  world.query(
    `update public.whatsapp_sender set restricted_at = restricted_at - interval '${hours} hours',
       restricted_until = restricted_until - interval '${hours} hours', trial_at = trial_at - interval '${hours} hours'`,
  );
const resume = () => world.query(call("act_on_sender", { p_action: "resume" }));
const FREE = { restricted: false, hours: null };

describe("first contacts pause", () => {
  it("at one error 463; replies go on, and what failed is not sent again", async () => {
    await asks(2);
    await tells(await send(), "failed", "restricted");
    expect(await restriction()).toEqual({ restricted: true, hours: 24 });
    expect(await outgoing(world)).toMatchObject([{ status: "failed", error_code: "restricted" }, { status: "queued" }]);
    expect(await send()).toBeNull();
    await reply(phoneOf(9));
    expect(await claimBy(world)).toMatchObject({ message: { kind: "reply" } });
    // Nor does it ring all day.
    await world.query("update public.whatsapp_sender set reconcile_due_at = null, sweep_at = null");
    await world.query(
      "update public.whatsapp_messages set info_at = null, lease_until = now() + interval '1 day' where lease_until is not null",
    );
    await world.query("update public.whatsapp_messages set info_at = null");
    await world.query("update public.whatsapp_messages set status = 'sent' where status = 'sending'");
    expect(await world.query("select public.outbox_due() as due")).toEqual([{ due: false }]);
  });

  it("at one that comes before the answer to the send", async () => {
    await asks(1);
    const { message } = await claimBy(world);
    await world.query(webhook({ ...state("failed", "3EB0", "w1"), code: "restricted" }));
    expect(await restriction()).toEqual(FREE);
    await world.query(settle(message?.lease_token ?? "", "sent", { wasender_id: "w1" }));
    expect(await restriction()).toEqual({ restricted: true, hours: 24 });
  });

  it("at one for a reply too", async () => {
    await reply(phoneOf(1));
    await tells(await send(), "failed", "restricted");
    expect(await restriction()).toMatchObject({ restricted: true });
  });

  it("at three errors in a row, not at two, nor with one that arrived between them", async () => {
    await asks(5);
    await tells(await send(), "failed");
    await tells(await send(), "failed");
    await tells(await send(), "delivered");
    await tells(await send(), "failed");
    expect(await restriction()).toEqual(FREE);
    await asks(2);
    await tells(await send(), "failed");
    await tells(await send(), "failed");
    expect(await restriction()).toMatchObject({ restricted: true, hours: 24 });
  });

  it("at three in a row, one of which nothing is known yet between them", async () => {
    await asks(4);
    await tells(await send(), "failed");
    await tells(await send(), "failed");
    await send();
    await tells(await send(), "failed");
    expect(await restriction()).toMatchObject({ restricted: true });
  });

  it("not at refusals, which were never sent", async () => {
    await asks(4);
    for (let n = 0; n < 4; n++) {
      const { message } = await claimBy(world);
      await world.query(settle(message?.lease_token ?? "", "refused", { code: "not_on_whatsapp" }));
    }
    expect(await restriction()).toEqual(FREE);
  });

  it.each([
    [8, true, true],
    // As many as always do not arrive.
    [7, true, false],
    // Nothing arrives: WhatsApp or its webhooks are down.
    [8, false, false],
  ])("if %d of ten do not arrive, others arriving: %s", async (lost, others, expected) => {
    await asks(11);
    for (let n = 0; n < 10; n++) {
      const id = await send();
      if (n >= lost) await tells(id, "delivered");
    }
    await reply(phoneOf(99));
    const answer = await send();
    if (others) await tells(answer, "delivered");
    await world.query(
      `update public.whatsapp_messages set sent_at = sent_at - interval '31 minutes' where first_contact and sent_at is not null;
       update public.whatsapp_sender set guarded_from = now() - interval '1 day'`,
    );
    expect((await send()) === null).toBe(expected);
    expect((await restriction())?.restricted).toBe(expected);
  });

  it("if that is longer ago, or they have been gone for thirty minutes only, no", async () => {
    await asks(11);
    for (let n = 0; n < 10; n++) await send();
    await reply(phoneOf(99));
    await tells(await send(), "delivered");
    expect(await send()).not.toBeNull();
  });
});

describe("it resumes", () => {
  beforeEach(async () => {
    await asks(4);
    await tells(await send(), "failed", "restricted");
  });

  it("after 24 hours with one message; it arrives, and the rest follow", async () => {
    await pass(23);
    expect(await send()).toBeNull();
    await pass(1.1);
    const trial = await send();
    expect(trial).not.toBeNull();
    expect(await send()).toBeNull();
    await tells(trial, "delivered");
    expect(await restriction()).toEqual(FREE);
    expect(await send()).not.toBeNull();
    expect(await send()).not.toBeNull();
  });

  it("an error of the trial means 72 hours until the next", async () => {
    await pass(25);
    await tells(await send(), "failed");
    expect(await restriction()).toEqual({ restricted: true, hours: 72 });
    await pass(71);
    expect(await send()).toBeNull();
    await pass(2);
    expect(await send()).not.toBeNull();
  });

  it("not delivered within an hour: one more to another customer, and then 72 hours", async () => {
    await pass(25);
    // Another one for the first trial's customer is queued first.
    const first = await send();
    await world.query(
      `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at, first_contact)
       select 'outgoing', 'reminder', 'queued', phone_number, 'Ricorda?', now() - interval '1 day', true
         from public.whatsapp_messages where id = ${first}`,
    );
    expect(await send()).toBeNull();
    await pass(1.1);
    const second = await send();
    const [phones] = await world.query<{ differ: boolean }>(
      `select count(distinct phone_number) = 2 as differ from public.whatsapp_messages where id in (${first}, ${second})`,
    );
    expect(phones).toEqual({ differ: true });
    await pass(1.1);
    expect(await send()).toBeNull();
    await pass(71);
    expect(await send()).toBeNull();
    await pass(2);
    expect(await send()).not.toBeNull();
    // A telephone that was off is switched on.
    await tells(first, "delivered");
    expect(await restriction()).toEqual(FREE);
  });

  it("a trial that was not sent is none", async () => {
    await pass(25);
    const { message } = await claimBy(world);
    await world.query(settle(message?.lease_token ?? "", "refused", { code: "not_on_whatsapp" }));
    expect(await send()).not.toBeNull();
    expect(await send()).toBeNull();
  });

  it("by staff's button; an error of before says nothing new, one after it means 24 hours", async () => {
    await world.query(webhook({ kind: "session", status: "connected" }));
    expect(await restriction()).toMatchObject({ restricted: true });
    await resume();
    expect(await restriction()).toEqual(FREE);
    await tells(await send(), "failed", "restricted");
    expect(await restriction()).toEqual({ restricted: true, hours: 24 });
    await resume();
    const before = await send();
    await resume();
    await world.query("update public.whatsapp_sender set guarded_from = clock_timestamp()");
    await tells(before, "failed", "restricted");
    expect(await restriction()).toEqual(FREE);
  });

  it("beside a pause: both hold, the wider one is shown, an alert tells of it", async () => {
    const shown = async () => {
      const [row] = await world.query<{ paused: object | null }>(
        "select private.monitor_state(private.read_pending()) #> '{sender,paused}' as paused",
      );
      return row?.paused;
    };
    expect(await shown()).toMatchObject({
      reason: "restricted",
      code: "restricted",
      message: null,
      until: expect.any(String),
    });
    expect(await world.query("select kind from private.problems(null)")).toEqual([{ kind: "restricted" }]);
    await world.query(call("act_on_sender", { p_action: "pause" }));
    expect(await shown()).toMatchObject({ reason: "staff", until: null });
    // The button ends what it shows: not a restriction that nobody has seen.
    await resume();
    expect(await shown()).toMatchObject({ reason: "restricted" });
    expect(await restriction()).toMatchObject({ restricted: true });
    await resume();
    expect(await shown()).toBeNull();
    expect(await restriction()).toEqual(FREE);
    expect(await world.query("select action, from_status, to_status from public.staff_actions order by id")).toEqual([
      { action: "pause", from_status: "restricted", to_status: "paused: staff" },
      { action: "resume", from_status: "paused: staff", to_status: "restricted" },
      { action: "resume", from_status: "restricted", to_status: "running" },
    ]);
  });

  it("by staff's button: until one arrives, any error is enough; then it takes three again", async () => {
    await resume();
    await tells(await send(), "failed");
    expect(await restriction()).toEqual({ restricted: true, hours: 24 });
    await resume();
    await tells(await send(), "delivered");
    await tells(await send(), "failed");
    expect(await restriction()).toEqual(FREE);
  });
});

it("the lights count first contacts, their answers, and what was never delivered", async () => {
  await asks(4);
  for (let n = 0; n < 4; n++) await send();
  await world.query(webhook(incoming("A", { phone: phoneOf(1) })));
  await world.query("update public.whatsapp_messages set sent_at = now() - interval '3 days' where id in (2, 3)");
  await tells(3, "delivered");
  await world.query("update public.whatsapp_messages set sent_at = now() - interval '8 days' where id = 4");
  const [row] = await world.query<{ lights: object }>(
    "select public.read_conversations(10) #> '{sender,lights}' as lights",
  );
  expect(row?.lights).toEqual({ first_contacts: 3, answered: 1, undelivered: 2 });
});

it("by a cap too, the second automatic message to somebody who never wrote is a first contact", async () => {
  await asks(1);
  await send();
  await world.query(ended({ call_uuid: "again", phone_number: phoneOf(1) }));
  expect(await claimBy(world, terms({ first_contacts_per_day: 1 }))).toMatchObject({ idle: "backoff" });
});
