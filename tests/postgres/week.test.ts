import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { terms, USUAL } from "../helpers/contact.ts";
import { nextOpen } from "../helpers/open-minutes.ts";
import { createWorld, type World } from "../helpers/world.ts";

// When messages start, against Rome's clock as Intl knows it. CONTACT_CASES=10000 tries as many.

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const MINUTE = 60_000;
const by = terms({ hours: USUAL, closed: ["2027-06-24"] });
const isOpen = (at: number) => nextOpen(at, by) === at;
const sql = (at: number) => `'${new Date(at).toJSON()}'::timestamptz`;
const setTerms = () =>
  world.query(`update private.terms set terms = '${JSON.stringify(by).replaceAll("'", "''")}' where id`);

it("no automatic message starts outside the hours, but in the ten minutes after its call, and the confirmation", async () => {
  await setTerms();
  await world.query(
    `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at)
     values ('outgoing', 'ask', 'queued', '+393330000001', 'Ciao', '2026-01-01')`,
  );
  const at = fc.oneof(
    fc.integer({ min: Date.parse("2026-01-02") / MINUTE, max: Date.parse("2028-12-31") / MINUTE }),
    // Around the days that differ: clock changes, Friday 24 December, Easter, Sunday 31 October, 4 October.
    fc
      .tuple(
        fc.constantFrom(
          "2026-10-25",
          "2026-04-05",
          "2027-12-24",
          // Easter, and the clock changes.
          "2027-03-28",
          "2027-10-31",
          "2026-10-04",
          "2027-06-24",
        ),
        fc.integer({ min: -2 * 1440, max: 3 * 1440 }),
      )
      .map(([day, minutes]) => Date.parse(day) / MINUTE + minutes),
  );
  await fc.assert(
    fc.asyncProperty(
      at,
      fc.constantFrom("ask", "reminder", "reply", "confirmation"),
      fc.option(fc.integer({ min: -15, max: 15 })),
      async (minute, kind, freeFor) => {
        const time = minute * MINUTE;
        const free = kind === "ask" && freeFor !== null ? sql(time + freeFor * MINUTE) : "null";
        const [row] = await world.query<{ may: boolean; until: string | null }>(
          `with m as (
             update public.whatsapp_messages set kind = '${kind}', free_until = ${free}, created_at = ${sql(time)} returning *)
           select h.reason is null as may, extract(epoch from h.until)::text as until
             from m, public.whatsapp_sender s, private.hold(m::public.whatsapp_messages, ${sql(time)}, private.without_waits(s)) h`,
        );
        const may =
          isOpen(time) || kind === "reply" || kind === "confirmation" || (free !== "null" && (freeFor ?? 0) > 0);
        expect(row?.may, `${kind} at ${new Date(time).toJSON()}`).toBe(may);
        if (!may) expect(Number(row?.until) * 1000).toBe(nextOpen(time, by));
      },
    ),
    { numRuns: Number(process.env.CONTACT_CASES ?? 200) },
  );
}, 600_000);

// Of the 400 calls' customers these stand for a row of the table each.
const objects = (n: number) => n % 20 === 3;
const isFirst = (n: number) => n % 3 === 0;

it("a week of 400 calls, one message a minute: each goes by its kind's row of the table, the oldest first", async () => {
  await setTerms();
  await world.query("update public.whatsapp_sender set next_send_at = '2026-01-01'");
  // From Monday to Sunday, with calls at every hour; every second one is known too late for its ten minutes.
  const monday = Date.parse("2026-11-23T00:00+01:00");
  const week = Array.from({ length: 400 }, (_, n) => monday + Math.floor((n * 7 * 1440) / 400) * MINUTE);
  const objected = week.filter((_, n) => objects(n)).map((at) => at + 30 * MINUTE);
  // Staff answer at every hour too, and WhatsApp restricts the number from Tuesday to Wednesday at ten.
  const replies = week.filter((_, n) => n % 25 === 0).map((at) => at + 7 * MINUTE);
  const restricted = [monday + (1440 + 600) * MINUTE, monday + (2 * 1440 + 600) * MINUTE] as const;
  await world.query(
    `insert into public.whatsapp_messages
       (direction, kind, status, phone_number, text, due_at, created_at, free_until, first_contact, priority)
     select 'outgoing', 'ask', 'queued', '+39333' || (1000000 + n), 'Ciao', at, at,
            case when n % 2 = 1 then at + interval '10 minutes' end, (n - 1) % 3 = 0, 0
       from unnest(array[${week.map(sql)}]) with ordinality c (at, n)
     union all
     select 'outgoing', 'reply', 'queued', '+39333' || (2000000 + n), 'Grazie', at, at, null, false, 10
       from unnest(array[${replies.map(sql)}]) with ordinality c (at, n)`,
  );
  await world.query(
    `do $$
     declare s public.whatsapp_sender; m public.whatsapp_messages; v_at timestamptz := ${sql(monday)};
     begin
       select * into s from public.whatsapp_sender;
       while v_at < ${sql(monday + 8 * 1440 * MINUTE)} loop
         if v_at = any (array[${objected.map(sql)}]) then
           perform private.set_objection(q.conversation_id, 'customer', null, null) from public.whatsapp_messages q
            where q.kind = 'ask' and q.created_at = v_at - interval '30 minutes';
         end if;
         s.restricted_at := case when v_at between ${sql(restricted[0])} and ${sql(restricted[1])} then ${sql(restricted[0])} end;
         s.restricted_until := ${sql(restricted[1])} + interval '1 minute';
         m := private.take_sendable(s, v_at);
         if m.id is not null then
           update public.whatsapp_messages set status = 'sent', sent_at = v_at where id = m.id;
         end if;
         v_at := v_at + interval '1 minute';
       end loop;
     end $$`,
  );
  const all = await world.query<{ n: number; kind: string; status: string; queued: number; at: number | null }>(
    `select id::int - 1 as n, kind, status, extract(epoch from created_at)::float8 * 1000 as queued,
            extract(epoch from sent_at)::float8 * 1000 as at
       from public.whatsapp_messages order by sent_at, id`,
  );
  for (const { queued, at } of all.filter(({ kind }) => kind === "reply")) {
    expect(Number(at) - queued, `a reply of ${new Date(queued).toJSON()}`).toBeLessThanOrEqual(MINUTE);
  }
  const asks = all.filter(({ kind }) => kind === "ask");
  const said = (n: number) => `${n}: ${new Date(week[n] ?? 0).toJSON()}`;
  const inTime = ({ queued, at }: { queued: number; at: number | null }) => Number(at) < queued + 10 * MINUTE;
  for (const { n, status, queued, at } of asks) {
    if (at === null) {
      expect([status, objects(n)], said(n)).toEqual(["cancelled", true]);
      continue;
    }
    expect(isOpen(at) || inTime({ queued, at }), said(n)).toBe(true);
    if (objects(n)) expect(at, said(n)).toBeLessThanOrEqual(queued + 30 * MINUTE);
    if (isFirst(n)) expect(at < restricted[0] || at > restricted[1], said(n)).toBe(true);
  }
  const sent = asks.filter(({ at }) => at !== null);
  expect(asks.length - sent.length).toBeGreaterThan(5);
  expect(new Set(all.map(({ at }) => at)).size).toBe(sent.length + replies.length + 1);
  // What waited for the hours alone.
  const waited = sent.filter((one) => !inTime(one) && !isFirst(one.n)).map(({ queued }) => queued);
  expect(waited.length).toBeGreaterThan(60);
  expect(waited).toEqual(waited.toSorted((a, b) => a - b));
  // None of them waited longer than to the end of the first open morning.
  const late = sent.filter(
    ({ n, queued, at }) => !isFirst(n) && Number(at) > (nextOpen(queued, by) ?? 0) + 3 * 60 * MINUTE,
  );
  expect(late).toEqual([]);
}, 120_000);
