import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import type { Sender } from "../../lib/attempt.ts";
import { readConfig } from "../../lib/config.ts";
import { objectionIn } from "../../lib/objection.ts";
import { drain } from "../../lib/outbox/drain.ts";
import { claimBy, outgoing, terms } from "../helpers/contact.ts";
import { ASK, call, ended, incoming, settle, webhook } from "../helpers/surface.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

// Somebody wants no more messages.

const MARIA = "+393330000001";
const LUCA = "+393330000002";
const LID = "98700000000001@lid";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

/** What a customer writes, as the parser reads it. */
const writes = (id: string, from: { phone?: string; lid?: string }, text: string, more: object = {}) =>
  incoming(id, from, { text, objection: objectionIn(text), ...more });
const says = (text: string, from: { phone?: string; lid?: string } = { phone: MARIA }) =>
  world.query(webhook(writes(crypto.randomUUID(), from, text)));
const photo = (id: string) => incoming(id, { phone: MARIA }, { type: "image", text: null, objection: null, media: {} });
const customers = () =>
  world.query<{ objected_by: string | null; asked: boolean }>(
    "select objected_by, objection_asked_at is not null as asked from public.conversations where merged_into is null order by id",
  );
const act = async (objects: boolean, reason: string | null = null, id = 1) =>
  (
    await world.query<{ answer: { objection: { by: string; reason: string } | null; error?: string } }>(
      call("act_on_objection", { p_conversation_id: id, p_objects: objects, p_reason: reason }),
    )
  )[0]?.answer;
const askOf = (phone: string, uuid: string = crypto.randomUUID()) =>
  world.query<{ answer: { call: { reason: string }; message: object | null } }>(
    ended({ call_uuid: uuid, phone_number: phone }),
  );

describe("a customer who objects", () => {
  it("while an ask waits: it is cancelled, the call before stays, calls from then on get none, and one confirmation goes", async () => {
    await askOf(MARIA);
    await askOf(LUCA);
    await says("STOP");
    expect(await outgoing(world)).toMatchObject([
      { status: "cancelled", error_code: "objection" },
      { status: "queued" },
      { kind: "confirmation", status: "queued", phone_number: MARIA },
    ]);
    expect((await askOf(MARIA))[0]?.answer).toMatchObject({ call: { reason: "objection" }, message: null });
    expect(await claimBy(world)).toMatchObject({ message: { kind: "confirmation" } });
    expect(await claimBy(world)).toMatchObject({ message: { phone_number: LUCA } });
    expect(await world.query("select by, addresses, message_id is not null as said from public.objections")).toEqual([
      { by: "customer", addresses: [MARIA], said: true },
    ]);
  });

  it("twice, and in another message later: one objection, one confirmation", async () => {
    await world.query(webhook(writes("A", { phone: MARIA }, "Basta!"), writes("B", { phone: MARIA }, "STOP")));
    await says("non scrivetemi più");
    await world.query(webhook(writes("A", { phone: MARIA }, "Basta!")));
    expect(await world.query("select 1 from public.objections")).toHaveLength(1);
    expect(await outgoing(world)).toMatchObject([{ kind: "confirmation" }]);
  });

  it.each([
    ["before it", ["photo", "stop"], false],
    // A bill after the objection asks staff.
    ["after it", ["stop", "photo"], true],
  ])("in a burst with a photo %s", async (_, order, asked) => {
    await askOf(MARIA);
    const events = { stop: writes("S", { phone: MARIA }, "stop"), photo: photo("P") };
    await world.query(webhook(...order.map((name) => events[name as keyof typeof events])));
    expect(await customers()).toEqual([{ objected_by: "customer", asked }]);
    expect(await outgoing(world)).toMatchObject([{ status: "cancelled" }, { kind: "confirmation" }]);
  });

  it("in words that came later than their message", async () => {
    await world.query(webhook({ ...incoming("A", { phone: MARIA }), text: null }));
    await world.query(webhook(writes("A", { phone: MARIA }, "stop")));
    expect(await customers()).toMatchObject([{ objected_by: "customer" }]);
  });

  it("in a message of last year that WhatsApp brings again: no confirmation of it", async () => {
    await world.query(webhook(writes("A", { phone: MARIA }, "stop", { message_at: "2025-11-01T10:00:00Z" })));
    expect(await customers()).toMatchObject([{ objected_by: "customer" }]);
    expect(await outgoing(world)).toEqual([]);
  });

  it("with a confirmation of the operator's, or none", async () => {
    await claimBy(world, terms({ objection_reply: null }));
    await says("stop");
    expect(await outgoing(world)).toEqual([]);
    await claimBy(world, terms({ objection_reply: "Certo" }));
    await says("stop", { phone: LUCA });
    expect(await world.query("select text from public.whatsapp_messages where direction = 'outgoing'")).toEqual([
      { text: "Certo" },
    ]);
  });

  it("gets no reminder either, and staff may write despite it", async () => {
    await says("stop");
    const reply = (more: object) =>
      world.query<{ answer: object }>(
        call("act_on_conversation", {
          p_action: "reply",
          p_conversation_id: 1,
          p_text: "Buongiorno",
          p_client_id: crypto.randomUUID(),
          ...more,
        }),
      );
    expect((await reply({}))[0]?.answer).toEqual({ error: "objection" });
    expect((await reply({ p_despite_objection: true }))[0]?.answer).toMatchObject({ message: { kind: "reply" } });
    await world.query(
      `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at)
       values ('outgoing', 'reminder', 'queued', '${MARIA}', 'Ricorda?', now())`,
    );
    const kinds = [await claimBy(world), await claimBy(world), await claimBy(world)].map(
      ({ message, idle }) => message?.kind ?? idle,
    );
    expect(kinds).toEqual(["confirmation", "reply", "empty"]);
  });
});

describe("behind a LID", () => {
  it("whose number is not known, Wasender is asked for it before anything is claimed; then the ask is withdrawn", async () => {
    await askOf(MARIA);
    await says("STOP", { lid: LID });
    expect(await claimBy(world)).toEqual({ idle: "lids", wait_ms: 0 });
    await world.query(call("claim_chores", { p_limit: 3 }));
    // While it is being asked for nothing goes either.
    expect(await claimBy(world)).toEqual({ idle: "lids", wait_ms: 1000 });
    await world.query(call("record_lid", { p_lid: LID, p_phone_number: MARIA }));
    expect(await outgoing(world)).toMatchObject([
      { status: "cancelled", error_code: "objection" },
      { kind: "confirmation", phone_number: MARIA },
    ]);
    expect(await claimBy(world)).toMatchObject({ message: { kind: "confirmation" } });
  });

  it("whose number Wasender does not know, the others go on after ten seconds", async () => {
    await askOf(LUCA);
    await says("STOP", { lid: LID });
    await world.query(call("claim_chores", { p_limit: 3 }));
    await world.query("update public.whatsapp_lids set updated_at = now() - interval '11 seconds'");
    expect(await claimBy(world)).toMatchObject({ message: { phone_number: LUCA } });
  });

  it("a drain asks for the number and goes on", async () => {
    await askOf(MARIA);
    await askOf(LUCA);
    await says("STOP", { lid: LID });
    const took: string[] = [];
    await drain(
      { ...readConfig(), minIntervalMs: 0 },
      {
        fingerprint: "memory",
        send: async (to) => {
          took.push(to);
          return {
            attempt: { outcome: "sent", wasender_id: `m${took.length}`, hold_ms: null, http_status: null },
            startedAt: performance.now(),
            cause: null,
          };
        },
        exists: async () => null,
        probe: async () => "connected",
      },
      {
        until: performance.now() + 10_000,
        meanwhile: async () => {
          await world.query(call("claim_chores", { p_limit: 3 }));
          await world.query(call("record_lid", { p_lid: LID, p_phone_number: MARIA }));
        },
      },
    );
    // Maria's is the confirmation.
    expect(took).toEqual([MARIA, LUCA]);
    expect(await outgoing(world)).toMatchObject([
      { status: "cancelled" },
      { status: "sent" },
      { kind: "confirmation" },
    ]);
  });
});

describe("while the message is claimed", () => {
  const checked = terms({ check_numbers: true });
  const confirm = async (token: string | undefined, exists: boolean | null = null) =>
    (
      await world.query<{ answer: { go: boolean } }>(
        call("confirm_claim", { p_lease_token: token, p_interval_ms: 60_000, p_exists: exists }),
      )
    )[0]?.answer.go;

  it.each([
    ["STOP", { status: "cancelled", error_code: "objection" }],
    ["Chi siete? La privacy?", { status: "queued", error_code: null }],
  ])("and its number is asked about, %s stops it, and its slot is free", async (text, expected) => {
    await askOf(MARIA);
    const { message } = await claimBy(world, checked, { p_interval_ms: 60_000 });
    expect(message?.check).toBe(true);
    await says(text);
    expect(await confirm(message?.lease_token, true)).toBe(false);
    expect((await outgoing(world))[0]).toMatchObject(expected);
    expect(await world.query("select next_send_at <= now() as free from public.whatsapp_sender")).toEqual([
      { free: true },
    ]);
    expect(await claimBy(world, checked)).not.toMatchObject({ message: { kind: "ask" } });
  });

  it("and WhatsApp restricts the number meanwhile, it waits; the one that is tried then goes", async () => {
    await askOf(MARIA);
    const restricts = (until: string) =>
      world.query(
        `update public.whatsapp_sender set restricted_at = now() - interval '2 days', restricted_until = ${until}`,
      );
    const { message } = await claimBy(world, checked);
    await restricts("now() + interval '1 day'");
    expect(await confirm(message?.lease_token, true)).toBe(false);
    expect(await outgoing(world)).toMatchObject([{ status: "queued" }]);
    await restricts("now()");
    await world.query("update public.conversation_numbers set checked_at = null");
    const trial = await claimBy(world, checked);
    expect(trial.message?.check).toBe(true);
    expect(await confirm(trial.message?.lease_token, true)).toBe(true);
  });

  it("one that comes back unsent is not sent", async () => {
    await askOf(MARIA);
    const { message } = await claimBy(world);
    await says("STOP");
    await world.query(settle(message?.lease_token ?? "", "not_sent", { code: "unreachable", retry_ms: 0 }, false));
    expect(await claimBy(world)).toMatchObject({ message: { kind: "confirmation" } });
    expect(await claimBy(world)).toMatchObject({ idle: "empty" });
    expect((await outgoing(world))[0]).toMatchObject({ status: "cancelled", error_code: "objection" });
  });

  it("a drain that was told not to go sends nothing", async () => {
    await askOf(MARIA);
    const took: string[] = [];
    const sender: Sender = {
      fingerprint: "memory",
      send: async (_, text) => {
        took.push(text);
        return {
          attempt: { outcome: "sent", wasender_id: `s${took.length}`, hold_ms: null, http_status: null },
          startedAt: performance.now(),
          cause: null,
        };
      },
      exists: async () => {
        await says("STOP");
        return true;
      },
      probe: async () => "connected",
    };
    const config = readConfig();
    await drain({ ...config, minIntervalMs: 0, terms: { ...config.terms, check_numbers: true } }, sender, {
      until: performance.now() + 5_000,
    });
    expect(took).toEqual(["Va bene, non riceverà altri messaggi automatici da noi."]);
  });
});

describe("what staff decide", () => {
  it("until they do, automatic messages wait; then they go, or are withdrawn", async () => {
    await askOf(MARIA);
    await says("Scrivo al garante");
    expect(await customers()).toEqual([{ objected_by: null, asked: true }]);
    expect(await claimBy(world)).toEqual({ idle: "held", wait_ms: null });
    expect(await act(false)).toEqual({ objection: null });
    expect(await claimBy(world)).toMatchObject({ message: { kind: "ask" } });
    await askOf(MARIA, "second");
    await says("è spam!");
    expect(await act(true, "Ha chiamato")).toMatchObject({ objection: { by: "sistema", reason: "Ha chiamato" } });
    expect((await outgoing(world))[1]).toMatchObject({ status: "cancelled", error_code: "objection" });
    // Staff's own word needs no confirmation.
    expect(await outgoing(world)).toHaveLength(2);
  });

  it("only they lift it: a bill or INIZIA asks them, and then calls are asked again", async () => {
    await says("stop");
    await world.query(
      "update public.whatsapp_messages set status = 'sent', sent_at = now() where kind = 'confirmation'",
    );
    await says("Sì, inizia");
    expect(await customers()).toEqual([{ objected_by: "customer", asked: true }]);
    await act(true, "Ha richiamato");
    expect(await customers()).toEqual([{ objected_by: "customer", asked: false }]);
    await world.query(webhook(photo("P")));
    expect(await customers()).toMatchObject([{ asked: true }]);
    await act(false, "Vuole andare avanti");
    expect(await customers()).toEqual([{ objected_by: null, asked: false }]);
    await world.query("select public.act_on_bill('bill_reject', id) from public.whatsapp_messages where is_bill");
    expect((await askOf(MARIA))[0]?.answer.call.reason).toBe("eligible");
    expect(await world.query("select by, lifted_reason from public.objections")).toEqual([
      { by: "customer", lifted_reason: "Vuole andare avanti" },
    ]);
    // A later one counts again, and is not confirmed a second time.
    await says("basta");
    expect(await customers()).toMatchObject([{ objected_by: "customer" }]);
    expect(await world.query("select 1 from public.whatsapp_messages where kind = 'confirmation'")).toHaveLength(1);
  });

  it("of nobody there is", async () => {
    expect(await act(true, null, 99)).toEqual({ error: "not_found" });
  });
});

it("the list, the thread and the export show it", async () => {
  await askOf(LUCA);
  await says("stop");
  const [list] = await world.query<{ answer: { conversations: object[] } }>(
    call("read_conversations", { p_limit: 10, p_objection: true }),
  );
  expect(list?.answer.conversations).toMatchObject([
    {
      phone_number: MARIA,
      objection: { at: expect.any(String), by: "customer", reason: null },
      objection_asked: false,
    },
  ]);
  const [rest] = await world.query<{ answer: { conversations: object[] } }>(
    call("read_conversations", { p_limit: 10, p_objection: false }),
  );
  expect(rest?.answer.conversations).toMatchObject([{ phone_number: LUCA, objection: null }]);
  const [rows] = await world.query<{ answer: { objected_at: string | null }[] }>(call("export_conversations"));
  expect(rows?.answer.map((row) => row.objected_at !== null).sort()).toEqual([false, true]);
});

describe("an erasure", () => {
  const erase = async (phone: string) => {
    const [row] = await world.query<{ answer: number }>(call("start_erasure", { p_phone_number: phone }));
    await world.query(call("erase_customer", { p_id: row?.answer }));
    await world.query("delete from private.erasures");
  };

  it("of somebody who objected is outlived by the objection, under the number and the LID", async () => {
    await world.query(webhook(writes("A", { phone: MARIA, lid: LID }, "stop")));
    await erase(MARIA);
    expect(await world.query("select 1 from public.objections")).toEqual([]);
    expect((await askOf(MARIA, "again"))[0]?.answer).toMatchObject({ call: { reason: "objection" }, message: null });
    expect(await customers()).toMatchObject([{ objected_by: "customer" }]);
    await world.query(webhook(writes("B", { lid: LID }, "Ciao")));
    expect(await customers()).toMatchObject([{ objected_by: "customer" }, { objected_by: "customer" }]);
  });

  it("and staff may lift it then", async () => {
    await world.query(webhook(writes("A", { phone: MARIA }, "stop")));
    await erase(MARIA);
    await askOf(MARIA, "again");
    const [row] = await world.query<{ id: string }>("select id from public.conversations");
    await act(false, "Ha cambiato idea", Number(row?.id));
    expect((await askOf(MARIA, "more"))[0]?.answer.call.reason).toBe("eligible");
    expect(await world.query("select 1 from private.objection_hashes")).toEqual([]);
  });

  it("takes them out of staff's words about others", async () => {
    await world.query(webhook(writes("A", { phone: MARIA }, "Ciao"), writes("B", { phone: LUCA }, "Ciao")));
    await act(true, "Non vuole", 2);
    await act(false, `Lo ha chiesto ${MARIA}`, 2);
    await act(true, `Parla per lui ${MARIA}`, 2);
    await erase(MARIA);
    const words = `select coalesce(o.reason, '-') || ' ' || coalesce(o.lifted_reason, '-') as words from public.objections o
      union all select coalesce(objection_reason, '-') from public.conversations
      union all select string_agg(coalesce(reason, '-'), ' ' order by id) from public.staff_actions`;
    expect((await world.query<{ words: string }>(words)).map((row) => row.words)).toEqual([
      "Non vuole -",
      "- -",
      "-",
      "Non vuole - -",
    ]);
  });

  it("of somebody who did not object blocks nothing", async () => {
    await world.query(webhook(writes("A", { phone: MARIA }, "Ciao")));
    await erase(MARIA);
    expect((await askOf(MARIA, "again"))[0]?.answer.call.reason).toBe("eligible");
  });
});

it("through the endpoint: STOP cancels, and its confirmation waits for its turn", async () => {
  await askOf(MARIA);
  const messages = {
    key: { id: "3EB0STOP", fromMe: false, remoteJid: `${MARIA.slice(1)}@s.whatsapp.net` },
    message: { conversation: "Stop!" },
  };
  const answer = await postMessage(
    jsonRequest("/api/whatsapp-webhook", { event: "messages.received", data: { messages } }),
  );
  expect(answer.status).toBe(200);
  await world.settled();
  expect(await outgoing(world)).toMatchObject([{ error_code: "objection" }, { kind: "confirmation" }]);
});

it("whatever happens around it, after an objection nothing automatic but its confirmation starts", async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("call", "claim", "claim", "settle", "fail") },
    fc.constantFrom("write", "photo", "other call", "learn", "ask lid", "retry", "bill", "no bill", "echo"),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.constantFrom("phone", "lid", "both"),
      fc.array(step, { minLength: 4, maxLength: 20 }),
      async (before, by, after) => {
        await world.reset();
        let n = 0;
        let token = "";
        const perform = async (what: string) => {
          n++;
          if (what === "call") await askOf(MARIA, `c${n}`);
          else if (what === "other call") await askOf(LUCA, `o${n}`);
          else if (what === "claim") token = (await claimBy(world)).message?.lease_token ?? token;
          else if (what === "settle")
            await world.query(settle(token || crypto.randomUUID(), "sent", { wasender_id: `w${n}` }));
          else if (what === "fail")
            await world.query(
              settle(token || crypto.randomUUID(), "not_sent", { code: "unreachable", retry_ms: 0, max_attempts: 2 }),
            );
          else if (what === "write") await world.query(webhook(writes(`m${n}`, { phone: MARIA }, "Ok, domani")));
          else if (what === "photo") await world.query(webhook(photo(`p${n}`)));
          else if (what === "learn") await world.query(webhook(writes(`l${n}`, { phone: MARIA, lid: LID }, "Ciao")));
          else if (what === "ask lid") {
            await world.query(call("claim_chores", { p_limit: 9 }));
            await world.query(call("record_lid", { p_lid: LID, p_phone_number: MARIA }));
          } else if (what === "retry")
            await world.query(
              "select public.act_on_message('retry', id) from public.whatsapp_messages where status = 'failed' and direction = 'outgoing'",
            );
          else if (what === "echo")
            await world.query(
              webhook({
                ...incoming(`e${n}`, { lid: LID }),
                kind: "outgoing",
                status: "sent",
                text: ASK,
                wasender_id: null,
              }),
            );
          else
            await world.query(
              `select public.act_on_conversation('${what === "bill" ? "bill_set" : "bill_unset"}', conversation_id)
                 from public.conversation_numbers where address = '${MARIA}'`,
            );
        };
        for (const one of before) await perform(one);
        await askOf(MARIA, "last");
        await says(
          "STOP",
          by === "phone" ? { phone: MARIA } : by === "lid" ? { lid: LID } : { phone: MARIA, lid: LID },
        );
        const [start] = await world.query<{ id: number }>(
          "select coalesce(max(id), 0)::int as id from public.whatsapp_attempts",
        );
        for (const one of ["claim", ...after, "ask lid", "claim", "claim", "claim"]) await perform(one);
        const started = await world.query<{ kind: string; phone_number: string }>(
          `select m.kind, m.phone_number from public.whatsapp_attempts a join public.whatsapp_messages m on m.id = a.message_id
            where a.id > ${start?.id} and m.phone_number = '${MARIA}'`,
        );
        expect(started.filter(({ kind }) => kind !== "confirmation")).toEqual([]);
      },
    ),
    { numRuns: Number(process.env.CONTACT_RUNS ?? 25) },
  );
}, 600_000);
