import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { claimBy, closedNow, holdOf, outgoing, terms, USUAL } from "../helpers/contact.ts";
import { call, ended, incoming, settle, webhook } from "../helpers/surface.ts";
import { createWorld, type World } from "../helpers/world.ts";

// Why a message waits: one function says it, for a message and a time.

const MARIA = "+393330000001";
const LUCA = "+393330000002";
const NIGHT = "2026-11-25 22:00+01";
const NOON = "2026-11-25 12:00+01";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

/** A message that was queued on that Wednesday at nine in the evening, or with other values. */
async function queued(kind: string, more: Record<string, string> = {}, phone = MARIA): Promise<number> {
  const values: Record<string, string> = {
    direction: "'outgoing'",
    kind: `'${kind}'`,
    status: "'queued'",
    phone_number: `'${phone}'`,
    text: "'Buongiorno'",
    due_at: "'2026-11-25 21:00+01'",
    created_at: "'2026-11-25 21:00+01'",
    ...more,
  };
  const [row] = await world.query<{ id: string }>(
    `insert into public.whatsapp_messages (${Object.keys(values)}) values (${Object.values(values)}) returning id`,
  );
  return Number(row?.id);
}
const sender = (set: string) => world.query(`update public.whatsapp_sender set ${set}`);
const customer = (set: string, address = MARIA) =>
  world.query(
    `update public.conversations set ${set} where id = (select conversation_id from public.conversation_numbers where address = '${address}')`,
  );
const EARLIER = "next_send_at = '2026-01-01'";

describe("what applies to each kind", () => {
  beforeEach(() => sender(EARLIER));

  it.each([
    ["ask", "hours Thu 26 09:00", "objection", "staff", "restricted Fri 27 12:00"],
    ["reminder", "hours Thu 26 09:00", "objection", "staff", "restricted Fri 27 12:00"],
    ["reply", null, null, null, null],
    ["confirmation", null, null, null, null],
  ])("%s", async (kind, hours, objection, staff, restricted) => {
    const first = kind === "ask" || kind === "reminder";
    const id = await queued(kind, { first_contact: String(first), due_at: "'2026-11-25 08:00+01'" });
    expect(await holdOf(world, id, NIGHT)).toBe(hours);
    expect(await holdOf(world, id, NOON)).toBeNull();
    await customer("objection_asked_at = now()");
    expect(await holdOf(world, id, NOON)).toBe(staff);
    await customer("objection_asked_at = null, objected_at = now(), objected_by = 'customer'");
    expect(await holdOf(world, id, NOON)).toBe(objection);
    await customer("objected_at = null");
    await sender("restricted_at = '2026-11-24', restricted_until = '2026-11-27 12:00+01'");
    expect(await holdOf(world, id, NOON)).toBe(restricted);
  });

  it("a reply that staff want within the hours waits for them", async () => {
    const id = await queued("reply", { in_hours: "true" });
    expect(await holdOf(world, id, NIGHT)).toBe("hours Thu 26 09:00");
  });

  it("an ask goes at any hour until ten minutes after its call", async () => {
    const id = await queued("ask", { free_until: "'2026-11-25 22:05+01'" });
    expect(await holdOf(world, id, "2026-11-25 22:04:59+01")).toBeNull();
    expect(await holdOf(world, id, "2026-11-25 22:05+01")).toBe("hours Thu 26 09:00");
  });

  it("who has written is no first contact: no restriction, no cap", async () => {
    const id = await queued("ask", { due_at: "'2026-11-25 08:00+01'" });
    await sender("restricted_at = now(), restricted_until = '2027-01-01'");
    expect(await holdOf(world, id, NOON, terms({ first_contacts_per_day: 1 }))).toBeNull();
  });
});

it("the first reason in order is told: paused, staff, restricted, hours, cap, backoff, slot", async () => {
  const id = await queued("ask", { first_contact: "true", due_at: "'2026-11-27 12:00+01'" });
  await queued("ask", { status: "'sent'", first_contact: "true", sent_at: `'${NOON}'`, due_at: "null" }, LUCA);
  const capped = terms({ hours: USUAL, first_contacts_per_day: 1 });
  await sender(
    "paused_at = now(), paused_reason = 'staff', paused_code = 'staff', restricted_at = now(), restricted_until = '2026-11-29', next_send_at = '2026-11-28 12:00+01'",
  );
  await customer("objection_asked_at = now()");
  expect(await holdOf(world, id, NIGHT, capped)).toBe("paused");
  await sender("paused_at = null, paused_reason = null, paused_code = null");
  expect(await holdOf(world, id, NIGHT, capped)).toBe("staff");
  await customer("objection_asked_at = null");
  expect(await holdOf(world, id, NIGHT, capped)).toBe("restricted Sun 29 01:00");
  await sender("restricted_at = null, restricted_until = null");
  expect(await holdOf(world, id, NIGHT, capped)).toBe("hours Thu 26 09:00");
  expect(await holdOf(world, id, "2026-11-25 13:00+01", capped)).toBe("cap Thu 26 09:00");
  expect(await holdOf(world, id, "2026-11-25 13:00+01")).toBe("backoff Fri 27 12:00");
  expect(await holdOf(world, id, "2026-11-27 13:00+01")).toBe("slot Sat 28 12:00");
  expect(await holdOf(world, id, "2026-11-28 12:00+01")).toBeNull();
});

describe("what must not go at all", () => {
  beforeEach(() => sender(EARLIER));

  it("an earlier call's ask is superseded, a bill that has come is not asked for", async () => {
    const first = await queued("ask");
    const second = await queued("ask");
    expect(await holdOf(world, first, NOON)).toBe("superseded");
    await customer("bill_at = now()");
    expect(await holdOf(world, second, NOON)).toBe("bill");
    expect(await holdOf(world, second, NOON, terms({ ask: { ...terms().ask, after_bill: true } }))).toBe(
      "backoff Wed 25 21:00",
    );
  });

  it("what could not go within five open days, counted from when staff queued it again", async () => {
    const id = await queued("ask");
    // Thursday, Friday, Saturday, Monday, Tuesday the 1st: five.
    expect(await holdOf(world, id, "2026-12-01 19:59+01")).toBeNull();
    expect(await holdOf(world, id, "2026-12-01 20:00+01")).toBe("held_too_long");
    await world.query("update public.whatsapp_messages set queued_at = '2026-11-30 12:00+01'");
    expect(await holdOf(world, id, "2026-12-02 12:00+01")).toBeNull();
  });

  it("is withdrawn when it is claimed, and the next one goes", async () => {
    await queued("ask", { created_at: "now() - interval '20 days'", due_at: "now()" });
    await queued("ask", { created_at: "now()", due_at: "now()" }, LUCA);
    expect(await claimBy(world)).toMatchObject({ message: { phone_number: LUCA } });
    expect(await outgoing(world)).toMatchObject([
      { status: "cancelled", error_code: "held_too_long" },
      { status: "sending" },
    ]);
  });
});

describe("the hours, in the claim", () => {
  it("what waits for them is not claimed, nothing is due and no alert cries; a reply goes", async () => {
    await world.query(ended({ phone_number: MARIA, call_end_time: new Date(Date.now() - 3_600_000).toISOString() }));
    const by = closedNow();
    const { idle, wait_ms } = await claimBy(world, by);
    expect(idle).toBe("backoff");
    expect(wait_ms).toBeGreaterThan(86_400_000);
    await sender("reconcile_due_at = null, sweep_at = null, next_send_at = now() - interval '20 minutes'");
    expect(await world.query("select public.outbox_due() as due")).toEqual([{ due: false }]);
    expect(await world.query("select kind from private.problems(null)")).toEqual([]);
    await queued("reply", { due_at: "now()" }, LUCA);
    expect(await claimBy(world, by)).toMatchObject({ message: { kind: "reply" } });
  });

  it("the ask of a call that has just ended goes, before those that wait", async () => {
    await queued("ask", { created_at: "now() - interval '1 hour'", due_at: "now() - interval '1 hour'" }, LUCA);
    const webhookOf = await world.query<{ answer: { drain_in_ms: number | null } }>(ended({ phone_number: MARIA }));
    expect(webhookOf[0]?.answer.drain_in_ms).not.toBeNull();
    expect(await claimBy(world, closedNow())).toMatchObject({ message: { phone_number: MARIA } });
    expect(await claimBy(world, closedNow())).toMatchObject({ idle: "backoff" });
    // Also while the hours are open: it has ten minutes only.
    await world.query(ended({ call_uuid: "c", phone_number: "+393330000003" }));
    expect(await claimBy(world)).toMatchObject({ message: { phone_number: "+393330000003" } });
    expect(await claimBy(world)).toMatchObject({ message: { phone_number: LUCA } });
  });

  it("a call that ends in the future, by a wrong clock, is free for ten minutes only", async () => {
    await world.query(ended({ phone_number: MARIA, call_end_time: new Date(Date.now() + 36_000_000).toISOString() }));
    expect(
      await world.query(
        "select free_until between now() + interval '9 minutes' and now() + interval '11 minutes' as ten from public.whatsapp_messages",
      ),
    ).toEqual([{ ten: true }]);
  });

  it("when they begin the oldest goes first; the last slot before they end is used, none after", async () => {
    for (const [n, phone] of [LUCA, MARIA, "+393330000003"].entries()) {
      const at = `'2026-11-25 21:0${5 - n}+01'`;
      await queued("ask", { created_at: at, due_at: at }, phone);
    }
    const open = JSON.stringify(terms({ hours: USUAL })).replaceAll("'", "''");
    await world.query(`update private.terms set terms = '${open}' where id`);
    const taken = async (at: string) =>
      (
        await world.query<{ phone: string | null }>(
          `select (private.take_sendable(s, '${at}')).phone_number as phone from public.whatsapp_sender s`,
        )
      )[0]?.phone;
    expect(await taken("2026-11-26 08:59:59+01")).toBeNull();
    expect(await taken("2026-11-26 09:00+01")).toBe("+393330000003");
    expect(await taken("2026-11-26 19:59:59+01")).toBe("+393330000003");
    expect(await taken("2026-11-26 20:00+01")).toBeNull();
    expect(
      await world.query("select private.next_sendable(s, '2026-11-28 20:00+01') as at from public.whatsapp_sender s"),
    ).toEqual([{ at: "2026-11-30 08:00:00+00" }]);
  });
});

describe("an ask that waits is decided anew when it is claimed", () => {
  it("by the text of now, and by what its call may be asked now", async () => {
    await world.query(ended({ call_uuid: "a", phone_number: MARIA }));
    await world.query(ended({ call_uuid: "b", phone_number: LUCA }));
    await world.query("update public.cloudtalk_calls set talked = false where phone_number = '+393330000001'");
    const by = terms({ ask: { text: "Un altro testo", cooldown_hours: 0, after_bill: false } });
    expect(await claimBy(world, by)).toMatchObject({ message: { phone_number: LUCA, text: "Un altro testo" } });
    expect(await outgoing(world)).toMatchObject([{ status: "cancelled", error_code: "nobody_talked" }, {}]);
  });

  it("a later call's ask takes the place of one that waits", async () => {
    await world.query(ended({ call_uuid: "a", phone_number: MARIA }));
    await world.query(ended({ call_uuid: "b", phone_number: MARIA }));
    expect(await outgoing(world)).toMatchObject([
      { status: "cancelled", error_code: "superseded" },
      { status: "queued" },
    ]);
  });
});

describe("of two calls of a customer the later one's ask waits", () => {
  const ended_at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();
  const asks = () =>
    world.query(
      `select k.call_uuid as call, m.status from public.whatsapp_messages m join public.cloudtalk_calls k on k.id = m.call_id order by m.id`,
    );

  it("also if the earlier one is learned later", async () => {
    await world.query(ended({ call_uuid: "later", phone_number: MARIA, call_end_time: ended_at(1) }));
    await world.query(ended({ call_uuid: "earlier", phone_number: MARIA, call_end_time: ended_at(8) }));
    expect(await asks()).toEqual([
      { call: "later", status: "queued" },
      { call: "earlier", status: "cancelled" },
    ]);
  });

  it("and the earlier one's never comes back, whatever is learned of its call", async () => {
    const earlier = { call_uuid: "earlier", phone_number: MARIA, call_end_time: ended_at(8) };
    await world.query(ended(earlier));
    await world.query(ended({ call_uuid: "later", phone_number: MARIA, call_end_time: ended_at(1) }));
    await world.query(ended({ ...earlier, talked: false }));
    await world.query(ended({ ...earlier, talked: true }));
    expect(await asks()).toEqual([
      { call: "earlier", status: "cancelled" },
      { call: "later", status: "queued" },
    ]);
  });

  it("also if staff queue the earlier one again: it does not replace the later one's", async () => {
    await world.query(ended({ call_uuid: "earlier", phone_number: MARIA, call_end_time: ended_at(8) }));
    const { message } = await claimBy(world);
    await world.query(settle(message?.lease_token ?? "", "refused", { code: "rejected" }));
    await world.query(ended({ call_uuid: "later", phone_number: MARIA, call_end_time: ended_at(1) }));
    await world.query(call("act_on_message", { p_action: "retry", p_message_id: message?.id }));
    expect(await claimBy(world)).toMatchObject({ message: { id: 2 } });
    expect((await asks())[0]).toEqual({ call: "earlier", status: "cancelled" });
  });
});

describe("a number is asked about before its first message", () => {
  const by = terms({ check_numbers: true });
  const confirm = async (token: string | undefined, exists: boolean | null) =>
    (
      await world.query<{ answer: { go: boolean } }>(
        call("confirm_claim", { p_lease_token: token, p_interval_ms: 60_000, p_exists: exists }),
      )
    )[0]?.answer.go;

  it("once: what exists is not asked about again, and its slot allows for the answer", async () => {
    await world.query(ended({ call_uuid: "a", phone_number: MARIA }));
    const { message } = await claimBy(world, by, { p_interval_ms: 60_000 });
    expect(message?.check).toBe(true);
    expect(
      await world.query("select next_send_at > now() + interval '64 seconds' as allowed from public.whatsapp_sender"),
    ).toEqual([{ allowed: true }]);
    expect(await confirm(message?.lease_token, true)).toBe(true);
    await world.query(settle(message?.lease_token ?? "", "sent", { wasender_id: "1" }));
    await world.query(ended({ call_uuid: "b", phone_number: MARIA }));
    expect((await claimBy(world, by)).message?.check).toBe(false);
    await world.query("update public.conversation_numbers set checked_at = now() - interval '91 days'");
    await world.query(ended({ call_uuid: "c", phone_number: MARIA }));
    expect((await claimBy(world, by)).message?.check).toBe(true);
  });

  it("one that does not exist uses up its slot, counts nowhere, and is not asked about again", async () => {
    await world.query(ended({ call_uuid: "a", phone_number: MARIA }));
    const { message } = await claimBy(world, by);
    expect(await confirm(message?.lease_token, false)).toBe(false);
    expect(await outgoing(world)).toMatchObject([{ status: "failed", error_code: "not_on_whatsapp" }]);
    expect(
      await world.query("select next_send_at > now() + interval '55 seconds' as used from public.whatsapp_sender"),
    ).toEqual([{ used: true }]);
    await sender("next_send_at = now()");
    await world.query(ended({ call_uuid: "b", phone_number: MARIA }));
    expect(await claimBy(world, terms({ check_numbers: true, first_contacts_per_day: 1 }))).toMatchObject({
      idle: "empty",
    });
    expect(await outgoing(world)).toMatchObject([{}, { status: "failed", error_code: "not_on_whatsapp" }]);
    // Staff want it tried again.
    await world.query(call("act_on_message", { p_action: "retry", p_message_id: 2 }));
    expect((await claimBy(world, by)).message?.check).toBe(true);
  });

  it("no answer is no reason not to send, and nothing is kept", async () => {
    await world.query(ended({ phone_number: MARIA }));
    const { message } = await claimBy(world, by);
    expect(await confirm(message?.lease_token, null)).toBe(true);
    expect(await world.query("select checked_at from public.conversation_numbers")).toEqual([{ checked_at: null }]);
  });

  it("if the hours end meanwhile, it waits for the next: the last message starts before their end", async () => {
    await world.query(ended({ phone_number: MARIA }));
    const { message } = await claimBy(world, by);
    await world.query("update public.whatsapp_messages set free_until = now()");
    await world.query(`update private.terms set terms = '${JSON.stringify({ ...closedNow(), check_numbers: true })}'`);
    expect(await confirm(message?.lease_token, true)).toBe(false);
    expect(await outgoing(world)).toMatchObject([{ status: "queued" }]);
    expect(await claimBy(world, closedNow())).toMatchObject({ idle: "backoff" });
  });

  it("not if it has written", async () => {
    await world.query(webhook(incoming("A", { phone: MARIA })));
    await world.query(ended({ phone_number: MARIA }));
    expect((await claimBy(world, by)).message?.check).toBe(false);
  });
});

it("the cap is a day's in Rome, and only of first contacts", async () => {
  const by = terms({ first_contacts_per_day: 2 });
  for (let n = 1; n <= 4; n++) await world.query(ended({ call_uuid: `${n}`, phone_number: `+39333000000${n}` }));
  for (let n = 1; n <= 2; n++) {
    const { message } = await claimBy(world, by);
    await world.query(settle(message?.lease_token ?? "", "sent", { wasender_id: `w${n}` }));
  }
  expect(await claimBy(world, by)).toMatchObject({ idle: "backoff" });
  const [third] = await world.query<{ hold: { reason: string } }>(
    "select private.feed_hold(m) as hold from public.whatsapp_messages m where id = 3",
  );
  expect(third?.hold.reason).toBe("cap");
  await world.query(webhook(incoming("A", { phone: "+393330000004" })));
  expect(await claimBy(world, by)).toMatchObject({ message: { phone_number: "+393330000004" } });
  await world.query("update public.whatsapp_messages set sent_at = sent_at - interval '1 day' where id = 1");
  expect(await claimBy(world, by)).toMatchObject({ message: { phone_number: "+393330000003" } });
});
