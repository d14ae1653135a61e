import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Reminders } from "../../lib/supabase/reminders/reminders.ts";
import type { Terms } from "../../lib/terms.ts";
import { claimBy, terms, USUAL } from "../helpers/contact.ts";
import { call, incoming, settle, webhook } from "../helpers/surface.ts";
import { createWorld, postgresOf, type World } from "../helpers/world.ts";

// Reminders: who gets one, when, and that it is never one that a rule forbids, nor one twice.

const MARIA = "+393330000001";
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let world: World;
let on: Terms;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  on = terms({ reminders: { steps_hours: [72, 168, 336] } });
  await switchOn(on, 60);
});

/** The environment has these terms; reminders were switched on so many days ago. */
async function switchOn(by: Terms, days = 0): Promise<void> {
  await world.query(
    `update private.terms set terms = '${JSON.stringify(by).replaceAll("'", "''")}', reminders_since = now() - interval '${days} days' where id`,
  );
  await world.query("select private.schedule_reminders()");
}

/** A customer who was asked, and got the message so long ago. Gives the ask's id. */
async function asked(ago: number, { phone = MARIA, status = "delivered" } = {}): Promise<number> {
  const at = new Date(Date.now() - ago).toISOString();
  const [row] = await world.query<{ id: number }>(
    `insert into public.whatsapp_messages (direction, kind, status, phone_number, contact_name, text, due_at, sent_at, delivered_at, created_at, error_code)
     values ('outgoing', 'ask', '${status}', '${phone}', 'Maria Rossi', 'Le bollette?', '${at}', '${at}',
       ${status === "delivered" || status === "read" ? `'${at}'` : "null"}, '${at}', null) returning id::int`,
  );
  return row?.id ?? 0;
}

/** Words of the customer, or of a colleague, so long ago. */
async function wrote(
  ago: number,
  { kind = "incoming", label = "other", date = "null", phone = MARIA } = {},
): Promise<number> {
  const at = new Date(Date.now() - ago).toISOString();
  const isIn = kind === "incoming";
  const [row] = await world.query<{ id: number }>(
    `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, message_at, sent_at, created_at, label, label_date, label_by)
     values ('${isIn ? "incoming" : "outgoing"}', '${kind}', '${isIn ? "received" : "sent"}', '${phone}', 'Va bene', '${at}', ${isIn ? "null" : `'${at}'`}, '${at}',
       ${isIn ? `'${label}', ${date}, 'rule'` : "null, null, null"}) returning id::int`,
  );
  return row?.id ?? 0;
}

const plan = async (at = "clock_timestamp()") => {
  const [row] = await world.query<{ step: number | null; hold: string | null; in_hours: number | null }>(
    `select p.step, p.hold, round(extract(epoch from p.next_at - clock_timestamp()) / 3600)::int as in_hours
       from public.conversations c, private.plan_reminder(c, ${at}) p where c.merged_into is null order by c.id limit 1`,
  );
  return row;
};
const sent = async () => (await claimBy(world, on)).message;
const staff = (name: string, args: object) => world.query(call(name, { ...args }));
const reminders = () =>
  world.query<{ step: number; status: string }>(
    "select r.step, m.status from public.reminders r join public.whatsapp_messages m on m.id = r.message_id order by r.step",
  );

describe("who is reminded, and when", () => {
  it("whoever was asked and has sent nothing: at each step, once", async () => {
    await asked(3 * DAY + HOUR);
    const first = await sent();
    expect(first).toMatchObject({ kind: "reminder", phone_number: MARIA });
    expect(first?.text).toBe(
      "Buongiorno Maria Rossi, per la sua domanda mancano le bollette della luce del 2025. Può mandarci una foto o il PDF qui su WhatsApp, quando le è comodo. Grazie!",
    );
    expect(await sent()).toBeUndefined();
    await world.query(settle(first?.lease_token ?? "", "sent"));
    expect(await sent()).toBeUndefined();
    expect(await reminders()).toEqual([{ step: 1, status: "sent" }]);
    await world.query(
      "update public.whatsapp_messages set status = 'delivered', delivered_at = sent_at where kind = 'reminder'",
    );
    // Not before the second one's time, counted from the ask.
    expect(await plan()).toEqual({ step: 2, hold: null, in_hours: 95 });
  });

  it.each([
    ["nobody who was not asked", () => wrote(9 * DAY), "not_asked"],
    ["nobody whose ask is on its way", () => asked(HOUR, { status: "sent" }), "not_asked"],
    ["nobody whose message never arrives", () => asked(4 * DAY, { status: "sent" }), "never_delivered"],
    ["nobody of whose ask nobody knows the outcome", () => asked(4 * DAY, { status: "unknown" }), "unknown"],
    [
      "nobody who has had three",
      async () => {
        const ask = await asked(20 * DAY);
        for (const step of [1, 2, 3]) {
          const [row] = await world.query<{ id: number }>(
            `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, sent_at, delivered_at) values ('outgoing', 'reminder', 'delivered', '${MARIA}', '${step}', now() - interval '9 days', now()) returning id`,
          );
          await world.query(
            `insert into public.reminders (conversation_id, ask_id, step, message_id) values (1, ${ask}, ${step}, ${row?.id})`,
          );
        }
      },
      "used_up",
    ],
    [
      "nobody who objects",
      async () => {
        await asked(4 * DAY);
        await world.query("update public.conversations set objected_at = now(), objected_by = 'customer'");
      },
      "objection",
    ],
    [
      "nobody of whom staff are to decide whether they object",
      async () => {
        await asked(4 * DAY);
        await world.query("update public.conversations set objection_asked_at = now()");
      },
      "objection",
    ],
    [
      "nobody whose case is declared",
      async () => {
        await asked(4 * DAY);
        await staff("act_on_case", { p_action: "case_declare", p_conversation_id: 1, p_reason: "basta così" });
      },
      "case",
    ],
    [
      "nobody whose bill staff have marked",
      async () => {
        await asked(4 * DAY);
        await staff("act_on_conversation", { p_action: "bill_set", p_conversation_id: 1 });
      },
      "case",
    ],
    [
      "nobody whose file waits",
      async () => {
        await asked(9 * DAY);
        await world.query(
          `insert into public.whatsapp_messages (direction, kind, status, phone_number, type, media, media_state, media_due_at, message_at) values ('incoming', 'incoming', 'received', '${MARIA}', 'image', '{}', 'pending', now(), now() - interval '8 days')`,
        );
      },
      "case",
    ],
    [
      "nobody who has asked something",
      async () => {
        await asked(9 * DAY);
        await wrote(5 * DAY, { label: "question" });
      },
      "answer",
    ],
    [
      "nobody who refuses",
      async () => {
        await asked(9 * DAY);
        await wrote(5 * DAY, { label: "refusal" });
      },
      "answer",
    ],
    [
      "nobody who sends it by e-mail",
      async () => {
        await asked(9 * DAY);
        await wrote(5 * DAY, { label: "by_email" });
      },
      "answer",
    ],
    [
      "nobody who is the wrong one",
      async () => {
        await asked(9 * DAY);
        await wrote(5 * DAY, { label: "wrong_number" });
      },
      "answer",
    ],
    [
      "nobody whom staff do not want reminded again",
      async () => {
        await asked(4 * DAY);
        await staff("pause_reminders", { p_conversation_id: 1, p_until: "never" });
      },
      "paused",
    ],
  ] as const)("%s", async (_, make, hold) => {
    await make();
    expect(await plan()).toMatchObject({ hold, in_hours: null });
    expect(await sent()).toBeUndefined();
    expect(await reminders()).toHaveLength(hold === "used_up" ? 3 : 0);
  });

  it("nobody if they are off, at the price of nothing", async () => {
    on = terms();
    await world.query("update private.terms set terms = '{}', reminders_since = null where id");
    await asked(4 * DAY);
    expect(await plan()).toMatchObject({ hold: "off" });
    expect(await sent()).toBeUndefined();
    expect(await world.query("select 1 from public.conversations where reminder_at is not null")).toEqual([]);
  });

  it("what was due before they were switched on is skipped", async () => {
    await switchOn(on, 1);
    await asked(5 * DAY);
    expect(await plan()).toEqual({ step: 2, hold: null, in_hours: 48 });
  });

  it("switching them on looks at everybody who was asked, and off at nobody", async () => {
    await world.query("update private.terms set terms = '{}', reminders_since = null where id");
    await asked(4 * DAY);
    expect(await sent()).toBeUndefined();
    expect(await sent()).toBeUndefined();
    // From the first claim on they are on; the third day was before that, the seventh is not.
    expect(await world.query("select count(*)::int as n from public.conversations where reminder_at > now()")).toEqual([
      { n: 1 },
    ]);
    expect(await plan()).toMatchObject({ step: 2, in_hours: 72 });
    on = terms();
    await claimBy(world, on);
    expect(await plan()).toMatchObject({ hold: "off" });
    expect(await world.query("select 1 from public.conversations where reminder_at is not null")).toEqual([]);
  });

  it("a new ask starts them anew", async () => {
    await asked(9 * DAY);
    await asked(1 * DAY);
    expect(await plan()).toEqual({ step: 1, hold: null, in_hours: 48 });
  });

  it("words of either side give four days of peace, and then it goes on", async () => {
    await asked(3 * DAY + HOUR);
    await wrote(2 * DAY);
    expect(await plan()).toEqual({ step: 1, hold: "written", in_hours: 48 });
    await wrote(DAY + 2 * HOUR, { kind: "manual" });
    expect(await plan()).toEqual({ step: 1, hold: "written", in_hours: 70 });
  });

  it("a step that is more than 72 hours late leaves its place to the next one", async () => {
    await asked(6 * DAY);
    await wrote(2 * DAY + HOUR);
    // The third day's could go on the eighth only.
    expect(await plan()).toMatchObject({ step: 2, hold: "written", in_hours: 47 });
  });

  it("a promise moves it to the working day after, and three days lie between two automatic messages", async () => {
    await asked(5 * DAY);
    const [row] = await world.query<{ day: string }>("select (current_date + 1)::text as day");
    await wrote(4 * DAY + HOUR, { label: "promise", date: `'${row?.day}'` });
    const [due] = await world.query<{ day: string }>(`select private.after_promise('${row?.day}')::text as day`);
    const [next] = await world.query<{ day: string; hold: string }>(
      "select (p.next_at at time zone 'Europe/Rome')::date::text as day, p.hold from public.conversations c, private.plan_reminder(c, clock_timestamp()) p",
    );
    expect(next?.day && due?.day && next.day >= due.day).toBe(true);
  });

  it.each([
    ["2026-11-20", "2026-11-23"],
    // Saturday, "domani" on a Friday: awaited on Monday, asked about on Tuesday.
    ["2026-11-21", "2026-11-24"],
    ["2026-11-22", "2026-11-24"],
    ["2026-12-07", "2026-12-09"],
    ["2026-12-24", "2026-12-28"],
    ["2027-01-06", "2027-01-08"],
  ])("what is promised for %s is asked about on %s", async (day, after) => {
    expect(await world.query(`select private.after_promise('${day}')::text as day`)).toEqual([{ day: after }]);
  });

  it("staff's wait ends with its day, and answers are done when staff say so or name them otherwise", async () => {
    await asked(4 * DAY);
    const [row] = await world.query<{ day: string }>(
      "select ((now() at time zone 'Europe/Rome')::date + 1)::text as day",
    );
    await staff("pause_reminders", { p_conversation_id: 1, p_until: row?.day });
    expect(await plan()).toMatchObject({ step: 1, hold: "paused_until" });
    await staff("pause_reminders", { p_conversation_id: 1, p_until: null });
    expect(await plan()).toMatchObject({ step: 1, hold: null });
    const question = await wrote(4 * DAY, { label: "question" });
    expect(await plan()).toMatchObject({ hold: "answer" });
    await staff("finish_todo", { p_conversation_id: 1, p_todo: "questions" });
    expect(await plan()).toMatchObject({ step: 1 });
    await world.query(`update public.todo_done set at = now() - interval '9 days'`);
    await staff("act_on_label", { p_message_id: question, p_label: "other" });
    expect(await plan()).toMatchObject({ step: 1 });
  });

  it("none after the deadline, whose day counts", async () => {
    const day = (days: number) =>
      new Date(Date.now() + days * DAY).toLocaleDateString("sv", { timeZone: "Europe/Rome" });
    await asked(1 * DAY);
    await switchOn({ ...on, case: { accepts_history: false, deadline: day(2) } }, 60);
    expect(await plan()).toMatchObject({ step: 1, in_hours: 48 });
    await switchOn({ ...on, case: { accepts_history: false, deadline: day(1) } }, 60);
    expect(await plan()).toMatchObject({ hold: "deadline", in_hours: null });
  });

  it("within the hours, and the asks of the day first", async () => {
    on = { ...on, hours: USUAL };
    await switchOn(on, 60);
    await asked(4 * DAY);
    const [row] = await world.query<{ open: boolean }>(
      "select private.next_open(p.next_at, (select terms from private.terms)) = p.next_at as open from public.conversations c, private.plan_reminder(c, clock_timestamp()) p",
    );
    expect(row).toEqual({ open: true });
    on = terms({ reminders: { steps_hours: [72] } });
    await switchOn(on, 60);
    await world.query(
      "insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at) values ('outgoing', 'ask', 'queued', '+393330000002', 'Ciao', now())",
    );
    expect((await sent())?.kind).toBe("ask");
    expect((await sent())?.kind).toBe("reminder");
  });
});

describe("exactly once, with everything checked again", () => {
  /** While a transaction that has run this is open, the next reminder is looked for; it is committed then. */
  async function whileOpen(statement: string) {
    let found: Awaited<ReturnType<typeof sent>>;
    await postgresOf(world).begin(async (transaction) => {
      await transaction.unsafe(statement);
      found = await sent();
    });
    return [found, await sent()];
  }

  it.each([
    ["a bill comes", webhook(incoming("P", { phone: MARIA }, { type: "image", text: null, media: {} }))],
    ["the customer objects", webhook(incoming("O", { phone: MARIA }, { text: "stop", objection: "objects" }))],
    ["the customer writes", webhook(incoming("W", { phone: MARIA }))],
    ["staff want none", call("pause_reminders", { p_conversation_id: 1, p_until: "never" })],
    ["staff declare the case", call("act_on_case", { p_action: "case_declare", p_conversation_id: 1, p_reason: "ok" })],
  ])("none goes if %s a moment before", async (_, statement) => {
    await asked(4 * DAY);
    const found = await whileOpen(statement);
    expect(found.filter((message) => message?.kind === "reminder")).toEqual([]);
    expect(await reminders()).toEqual([]);
  });

  it("two that claim at once send it once", async () => {
    await asked(4 * DAY);
    const claims = await Promise.all(Array.from({ length: 6 }, () => sent()));
    expect(claims.filter((message) => message?.kind === "reminder")).toHaveLength(1);
    expect(await reminders()).toEqual([{ step: 1, status: "sending" }]);
  });

  it("one whose function died is unknown, and neither it nor the next one goes", async () => {
    await asked(4 * DAY);
    await sent();
    await world.query(
      "update public.whatsapp_messages set lease_until = now() - interval '1 second' where status = 'sending'",
    );
    expect(await sent()).toBeUndefined();
    expect(await reminders()).toEqual([{ step: 1, status: "unknown" }]);
    expect(await plan()).toMatchObject({ hold: "unknown" });
  });

  it("one that was refused for now goes later, or not at all if the customer has written", async () => {
    await asked(4 * DAY);
    const first = await sent();
    await world.query(settle(first?.lease_token ?? "", "not_sent", { max_attempts: 5, retry_ms: 0 }));
    expect(await reminders()).toEqual([{ step: 1, status: "queued" }]);
    await world.query(webhook(incoming("W", { phone: MARIA })));
    expect(await sent()).toBeUndefined();
    expect(await reminders()).toEqual([]);
    expect(
      await world.query("select status, error_code from public.whatsapp_messages where kind = 'reminder'"),
    ).toEqual([{ status: "cancelled", error_code: "answered" }]);
  });
});

describe("what they say", () => {
  it("a blank variable leaves no hole", async () => {
    const fill = async (template: string, values: object) =>
      (
        await world.query<{ text: string }>(
          `select private.fill_template('${template}', '${JSON.stringify(values)}') as text`,
        )
      )[0]?.text;
    expect(
      await fill("Buongiorno {nome}, {mancano}. Entro il {scadenza}. Grazie!", {
        nome: "Maria",
        mancano: "manca maggio",
      }),
    ).toBe("Buongiorno Maria, manca maggio. Grazie!");
    expect(await fill("Buongiorno {nome}, {mancano}.", { mancano: "manca maggio" })).toBe("Buongiorno, manca maggio.");
    expect(await fill("{nome}, come va? {mancano}. Nel {anno}!", { anno: 2025 })).toBe("come va? Nel 2025!");
  });

  it("what staff write, previewed on the customer; null is what is built in", async () => {
    await asked(4 * DAY);
    const texts = ["Salve {nome}: {mancano}.", null, null];
    await world.query(`select public.write_reminder_texts(array['Salve {nome}: {mancano}.', null, null])`);
    const [row] = await world.query<{ reminders: Reminders }>(
      "select private.feed_reminders(c) as reminders from public.conversations c",
    );
    expect(row?.reminders.texts?.[0]).toEqual({
      text: texts[0],
      preview: "Salve Maria Rossi: mancano le bollette della luce del 2025.",
    });
    expect((await sent())?.text).toBe("Salve Maria Rossi: mancano le bollette della luce del 2025.");
  });
});
