import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { terms, USUAL } from "../helpers/contact.ts";
import { createWorld, type World } from "../helpers/world.ts";

// A month of customers who answer, promise, send, object or vanish at random, and what they are reminded of.
// REMINDED_CUSTOMERS=2000 simulates as many.

const CUSTOMERS = Number(process.env.REMINDED_CUSTOMERS ?? 200);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Monday at noon, in Rome. */
const BEGIN = Date.parse("2026-09-07T12:00+02:00");
const DAYS = 30;
const DEADLINE = "2026-10-05";
const STEPS = [72, 168, 336];

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

type Event = {
  n: number;
  at: number;
  what: "ask" | "words" | "staff" | "promise" | "question" | "done" | "bill" | "objection" | "pause";
  day?: string;
};

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const romeDay = (at: number) => new Date(at).toLocaleDateString("sv", { timeZone: "Europe/Rome" });

/** What a customer does in a month; every fourth one nothing at all. */
function lifeOf(n: number, next: () => number): Event[] {
  const asked = BEGIN + Math.floor(next() * 5 * DAY);
  const events: Event[] = [{ n, at: asked, what: "ask" }];
  if (n % 4 === 0) return events;
  const kinds = [
    "words",
    "words",
    "staff",
    "promise",
    "promise",
    "question",
    "done",
    "bill",
    "objection",
    "pause",
  ] as const;
  for (let i = Math.floor(next() * 5); i > 0; i--) {
    const at = asked + HOUR + Math.floor(next() * 24 * DAY);
    const what = kinds[Math.floor(next() * kinds.length)] ?? "words";
    const day = romeDay(at + Math.floor(next() * 8) * DAY);
    events.push({ n, at, what, ...(what === "promise" || what === "pause" ? { day } : {}) });
  }
  if (next() < 0.2) events.push({ n, at: asked + Math.floor((4 + next() * 16) * DAY), what: "ask" });
  return events;
}

const sql = (at: number) => `'${new Date(at).toISOString()}'::timestamptz`;

it(`${CUSTOMERS} customers in a month: no reminder that a rule forbids, none twice, and those that are due`, async () => {
  const next = random(18);
  const events = Array.from({ length: CUSTOMERS }, (_, n) => lifeOf(n, next))
    .flat()
    .sort((a, b) => a.at - b.at);
  const by = terms({
    hours: USUAL,
    reminders: { steps_hours: STEPS },
    case: { accepts_history: false, deadline: DEADLINE },
  });
  await world.query(
    `update private.terms set terms = '${JSON.stringify(by).replaceAll("'", "''")}', reminders_since = ${sql(BEGIN - DAY)} where id`,
  );
  await world.query(
    `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, sent_at, created_at)
     select 'outgoing', 'manual', 'sent', '+39333' || (1000000 + n), 'Ciao', ${sql(BEGIN - 90 * DAY)}, ${sql(BEGIN - 90 * DAY)}
       from generate_series(0, ${CUSTOMERS - 1}) n`,
  );
  await world.query("update public.whatsapp_messages set status = 'delivered'");
  // One transaction: what is derived at its end does not stand in for the clock, which is told.
  await world.query(
    `do $$
     declare
       s public.whatsapp_sender; m public.whatsapp_messages; e record; v_at timestamptz := ${sql(BEGIN)}; v_id bigint; v_last timestamptz := '-infinity';
     begin
       select * into s from public.whatsapp_sender;
       while v_at < ${sql(BEGIN + DAYS * DAY)} loop
         for e in
           select x.* from (values ${events.map(({ n, at, what, day }) => `(${n}, ${sql(at)}, '${what}', ${day ? `'${day}'` : "null"}::date)`).join(",")}) x (n, at, what, day)
            where x.at > v_last and x.at <= v_at order by x.at
         loop
           select conversation_id into v_id from public.conversation_numbers where address = '+39333' || (1000000 + e.n);
           case e.what
             when 'ask' then
               insert into public.whatsapp_messages (direction, kind, status, phone_number, text, sent_at, delivered_at, created_at, due_at)
               values ('outgoing', 'ask', 'delivered', '+39333' || (1000000 + e.n), 'Le bollette?', e.at, e.at, e.at, e.at);
             when 'staff' then
               insert into public.whatsapp_messages (direction, kind, status, phone_number, text, sent_at, created_at)
               values ('outgoing', 'manual', 'delivered', '+39333' || (1000000 + e.n), 'Ciao', e.at, e.at);
             when 'words', 'promise', 'question' then
               insert into public.whatsapp_messages (direction, kind, status, phone_number, text, message_at, created_at, label, label_date, label_by)
               values ('incoming', 'incoming', 'received', '+39333' || (1000000 + e.n), 'Va bene', e.at, e.at,
                 case e.what when 'words' then 'other' else e.what end, e.day, 'rule');
             when 'done' then
               insert into public.todo_done (conversation_id, todo, at, by) values (v_id, 'questions', e.at, 'Anna')
               on conflict (conversation_id, todo) do update set at = excluded.at;
             when 'bill' then update public.conversations set case_state = 'complete' where id = v_id;
             when 'objection' then update public.conversations set objected_at = e.at, objected_by = 'customer' where id = v_id;
             when 'pause' then update public.conversations set reminders_paused_until = e.day where id = v_id;
           end case;
           update public.conversations set reminder_at = v_at where id = v_id;
         end loop;
         loop
           m := private.take_reminder(s, v_at);
           exit when m.id is null;
           update public.whatsapp_messages set status = 'delivered', sent_at = v_at, delivered_at = v_at, created_at = v_at where id = m.id;
           update public.conversations set reminder_at = v_at + interval '1 minute' where id = m.conversation_id;
         end loop;
         v_last := v_at;
         v_at := v_at + interval '15 minutes';
       end loop;
     end $$`,
  );
  const sent = await world.query<{ n: number; at: number; step: number; ask: number }>(
    `select right(m.phone_number, 7)::int - 1000000 as n, extract(epoch from m.sent_at)::float8 * 1000 as at, r.step, r.ask_id::int as ask
       from public.reminders r join public.whatsapp_messages m on m.id = r.message_id order by m.sent_at`,
  );
  const days = await world.query<{ day: string; after: string }>(
    `select d::date::text as day, private.after_promise(d::date)::text as after from generate_series(${sql(BEGIN - 9 * DAY)}, ${sql(BEGIN + 50 * DAY)}, '1 day') d`,
  );
  const after = new Map(days.map(({ day, after: next }) => [day, next]));

  for (const { n, at, step, ask } of sent) {
    const said = `${n}, step ${step}, ${new Date(at).toJSON()}`;
    // The step of 15 minutes: what has happened within it is known at its end.
    const past = events.filter((one) => one.n === n && one.at <= at);
    const of = (...what: Event["what"][]) => past.filter((one) => what.includes(one.what));
    const asked = of("ask").at(-1);
    const [hour, day] = [
      Number(new Date(at).toLocaleString("sv", { timeZone: "Europe/Rome" }).slice(11, 13)),
      new Date(at).getUTCDay(),
    ];
    expect(day, said).not.toBe(0);
    expect(hour >= (day === 6 ? 10 : 9) && hour < (day === 6 ? 19 : 20), said).toBe(true);
    expect(romeDay(at) <= DEADLINE, said).toBe(true);
    const due = Number(asked?.at) + (STEPS[step - 1] ?? 0) * HOUR;
    expect(at >= due && at - due <= 72 * HOUR, said).toBe(true);
    expect(of("bill", "objection"), said).toEqual([]);
    for (const one of of("words", "staff", "promise", "question"))
      expect(at - one.at, said).toBeGreaterThanOrEqual(4 * DAY);
    const promise = of("promise").at(-1);
    if (promise?.day) expect(romeDay(at) >= (after.get(promise.day) ?? ""), said).toBe(true);
    const pause = of("pause").at(-1);
    if (pause?.day) expect(romeDay(at) >= pause.day, said).toBe(true);
    const question = of("question").at(-1);
    if (question)
      expect(
        of("done").some((one) => one.at >= question.at),
        said,
      ).toBe(true);
    const earlier = sent.filter((one) => one.n === n && one.at < at).map((one) => one.at);
    for (const one of [...earlier, ...of("ask").map((event) => event.at)])
      expect(at - one, said).toBeGreaterThanOrEqual(72 * HOUR);
    expect(
      sent.filter((one) => one.ask === ask && one.step === step),
      said,
    ).toHaveLength(1);
  }
  // Whoever does nothing at all gets each one, at the first open hour.
  for (let n = 0; n < CUSTOMERS; n += 4) {
    const asked = events.find((one) => one.n === n)?.at ?? 0;
    const within = STEPS.filter((hours) => romeDay(asked + hours * HOUR + 2 * DAY) <= DEADLINE);
    const steps = sent.filter((one) => one.n === n).map(({ step }) => step);
    expect(steps.slice(0, within.length), `${n}`).toEqual(within.map((_, i) => i + 1));
  }
  expect(sent.length).toBeGreaterThan(CUSTOMERS);
}, 600_000);
