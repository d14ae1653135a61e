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
    { numRuns: Number(process.env.CONTACT_CASES ?? 400) },
  );
}, 600_000);

it("a week of 400 calls, one message a minute: each goes once, in its hours, the oldest first", async () => {
  await setTerms();
  await world.query("update public.whatsapp_sender set next_send_at = '2026-01-01'");
  // From Monday to Sunday, with calls at every hour; every second one is known too late for its ten minutes.
  const monday = Date.parse("2026-11-23T00:00+01:00");
  const week = Array.from({ length: 400 }, (_, n) => monday + Math.floor((n * 7 * 1440) / 400) * MINUTE);
  await world.query(
    `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at, created_at, free_until)
     select 'outgoing', 'ask', 'queued', '+39333' || (1000000 + n), 'Ciao', at, at, case when n % 2 = 0 then at + interval '10 minutes' end
       from unnest(array[${week.map(sql)}]) with ordinality c (at, n)`,
  );
  await world.query(
    `do $$
     declare s public.whatsapp_sender; m public.whatsapp_messages; v_at timestamptz := ${sql(monday)};
     begin
       select * into s from public.whatsapp_sender;
       while v_at < ${sql(monday + 8 * 1440 * MINUTE)} loop
         m := private.take_sendable(s, v_at);
         if m.id is not null then
           update public.whatsapp_messages set status = 'sent', sent_at = v_at where id = m.id;
         end if;
         v_at := v_at + interval '1 minute';
       end loop;
     end $$`,
  );
  const sent = await world.query<{ status: string; queued: number; at: number | null }>(
    `select status, extract(epoch from created_at)::float8 * 1000 as queued, extract(epoch from sent_at)::float8 * 1000 as at
       from public.whatsapp_messages order by sent_at, id`,
  );
  expect(sent.map(({ status }) => status)).toEqual(week.map(() => "sent"));
  const inTime = ({ queued, at }: { queued: number; at: number | null }) => Number(at) < queued + 10 * MINUTE;
  for (const one of sent) {
    expect(
      isOpen(Number(one.at)) || inTime(one),
      `${new Date(one.queued).toJSON()} ${new Date(Number(one.at)).toJSON()}`,
    ).toBe(true);
  }
  expect(new Set(sent.map(({ at }) => at)).size).toBe(400);
  const waited = sent.filter((one) => !inTime(one)).map(({ queued }) => queued);
  expect(waited.length).toBeGreaterThan(100);
  expect(waited).toEqual(waited.toSorted((a, b) => a - b));
  // None of them waited longer than to the end of the first open morning.
  const late = sent.filter(({ queued, at }) => Number(at) > (nextOpen(queued, by) ?? 0) + 3 * 60 * MINUTE);
  expect(late).toEqual([]);
}, 120_000);
