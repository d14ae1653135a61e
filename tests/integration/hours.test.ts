import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_SEND_HOURS, SendHours } from "../../lib/send-hours.ts";
import { easterOf, type Hours, isHoliday, nextOpen, openMinutesOf } from "../helpers/open-minutes.ts";
import { createWorld, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const hours = (text = DEFAULT_SEND_HOURS, ...closed: string[]): Hours => ({ hours: SendHours.parse(text), closed });

/** A day's openings, as Rome's clock shows them. */
async function openings(date: string, terms: Hours): Promise<string[]> {
  const rows = await world.query<{ opening: string }>(
    `select to_char(opens at time zone 'Europe/Rome', 'HH24:MI') || '-' || to_char(closes at time zone 'Europe/Rome', 'HH24:MI') as opening
       from private.open_hours('${date}', '${JSON.stringify(terms)}')`,
  );
  return rows.map(({ opening }) => opening);
}

/** The next opening in Rome's time, "now" if it is the time itself. */
async function next(at: string, terms: Hours): Promise<string | null | undefined> {
  const [row] = await world.query<{ next: string | null }>(
    `select case n.at when '${at}'::timestamptz then 'now' else to_char(n.at at time zone 'Europe/Rome', 'YYYY-MM-DD HH24:MI') end as next
       from private.next_open('${at}', '${JSON.stringify(terms)}') n(at)`,
  );
  return row?.next;
}

/** How many hours a day is open. */
async function length(date: string, terms: Hours): Promise<number | undefined> {
  const [row] = await world.query<{ hours: number }>(
    `select extract(epoch from sum(closes - opens))::float8 / 3600 as hours from private.open_hours('${date}', '${JSON.stringify(terms)}')`,
  );
  return row?.hours;
}

describe("a day's hours", () => {
  it.each([
    ["a Wednesday", "2026-11-25", ["09:00-20:00"]],
    ["a Saturday", "2026-11-28", ["10:00-19:00"]],
    ["a Sunday", "2026-11-29", []],
    ["Friday 24 December, before a holiday", "2027-12-24", ["10:00-19:00"]],
    ["Christmas on a Saturday", "2027-12-25", []],
    ["Sunday 26 December", "2027-12-26", []],
    ["Monday 27 December", "2027-12-27", ["09:00-20:00"]],
    ["Thursday 31 December", "2026-12-31", ["10:00-19:00"]],
    ["Friday 1 January", "2027-01-01", []],
    ["Tuesday 5 January", "2027-01-05", ["10:00-19:00"]],
    ["the Saturday before Easter", "2026-04-04", ["10:00-19:00"]],
    ["Easter", "2026-04-05", []],
    ["Easter Monday", "2026-04-06", []],
    ["the Tuesday after Easter", "2026-04-07", ["09:00-20:00"]],
    ["Sunday 31 October", "2027-10-31", []],
    ["Monday 1 November", "2027-11-01", []],
    ["Saturday 4 October 2025, not yet a holiday", "2025-10-04", ["10:00-19:00"]],
    ["Friday 3 October 2025", "2025-10-03", ["09:00-20:00"]],
    ["Monday 4 October 2027", "2027-10-04", []],
    ["Tuesday 3 October 2028", "2028-10-03", ["10:00-19:00"]],
    ["Wednesday 4 October 2028", "2028-10-04", []],
  ])("%s", async (_, date, expected) => {
    expect(await openings(date, hours())).toEqual(expected);
  });

  it("a closed day has none, and the day before it keeps its own", async () => {
    expect(await openings("2026-06-24", hours(DEFAULT_SEND_HOURS, "2026-06-24"))).toEqual([]);
    expect(await openings("2026-06-23", hours(DEFAULT_SEND_HOURS, "2026-06-24"))).toEqual(["09:00-20:00"]);
  });

  it("a day before a holiday keeps its own if Saturday has none, and stays closed if it is", async () => {
    expect(await openings("2027-12-24", hours("mon-fri 9-20"))).toEqual(["09:00-20:00"]);
    expect(await openings("2027-12-24", hours("mon-thu 9-20, sat 10-19"))).toEqual([]);
  });

  it("Sundays are as open as they say, but for holidays and the days before them", async () => {
    expect(await openings("2026-11-29", hours("mon-sun 8:30-21"))).toEqual(["08:30-21:00"]);
    expect(await openings("2026-04-05", hours("mon-sun 8:30-21"))).toEqual([]);
    expect(await openings("2027-10-31", hours("sat 9-12, sat 15-18, sun 9-20"))).toEqual([
      "09:00-12:00",
      "15:00-18:00",
    ]);
  });

  it("several ranges come in order", async () => {
    expect(await openings("2026-11-25", hours("wed 15-19, mon-fri 9-13"))).toEqual(["09:00-13:00", "15:00-19:00"]);
  });

  it("off is open all day, on holidays and closed days too", async () => {
    for (const date of ["2026-11-25", "2026-12-25"])
      expect(await openings(date, hours("off", "2026-11-25"))).toEqual(["00:00-00:00"]);
    expect(await next("2026-12-25T03:00:00Z", hours("off"))).toBe("now");
  });
});

describe("the two clock changes", () => {
  it("hours by day stay where Rome's clock has them", async () => {
    const always = hours("mon-sun 9-20");
    expect(await openings("2026-03-29", always)).toEqual(["09:00-20:00"]);
    expect(await openings("2026-10-25", always)).toEqual(["09:00-20:00"]);
    expect(await next("2026-03-28T22:00:00Z", always)).toBe("2026-03-29 09:00");
    expect(await next("2026-03-29T07:00:00Z", always)).toBe("now");
    expect(await next("2026-10-25T07:00:00Z", always)).toBe("2026-10-25 09:00");
    expect(await next("2026-10-25T08:00:00Z", always)).toBe("now");
  });

  it("a whole day has 23 hours, 24 or 25", async () => {
    for (const always of [hours("off"), hours("mon-sun 0-24")]) {
      expect(await length("2026-03-29", always)).toBe(23);
      expect(await length("2026-03-28", always)).toBe(24);
      expect(await length("2026-10-25", always)).toBe(25);
    }
  });

  it("an hour that the clock skips is not there, one that it repeats is there twice", async () => {
    expect(await openings("2026-03-29", hours("sun 2-3"))).toEqual([]);
    expect(await openings("2026-03-29", hours("sun 2:30-4"))).toEqual(["03:00-04:00"]);
    expect(await openings("2026-10-25", hours("sun 2:15-2:45"))).toEqual(["02:15-02:45", "02:15-02:45"]);
    expect(await next("2026-10-25T00:50:00Z", hours("sun 2:15-2:45"))).toBe("2026-10-25 02:15");
    expect(await length("2026-10-25", hours("sun 1-4"))).toBe(4);
  });
});

describe("the next opening", () => {
  it.each([
    ["the moment it opens", "2026-11-25T09:00:00+01:00", "now"],
    ["a moment before", "2026-11-25T08:59:59.999999+01:00", "2026-11-25 09:00"],
    ["the last moment", "2026-11-25T19:59:59.999999+01:00", "now"],
    ["the moment it closes", "2026-11-25T20:00:00+01:00", "2026-11-26 09:00"],
    ["Saturday evening", "2026-11-28T19:00:00+01:00", "2026-11-30 09:00"],
    ["the evening before Christmas Eve's Friday", "2027-12-23T20:00:00+01:00", "2027-12-24 10:00"],
    ["Christmas Eve at 19:00", "2027-12-24T19:00:00+01:00", "2027-12-27 09:00"],
    ["the Saturday before Easter at 19:00", "2026-04-04T19:00:00+02:00", "2026-04-07 09:00"],
    ["Saturday 30 October, 19:00", "2027-10-30T19:00:00+02:00", "2027-11-02 09:00"],
    ["Saturday 3 October 2026, 19:00", "2026-10-03T19:00:00+02:00", "2026-10-05 09:00"],
  ])("%s", async (_, at, expected) => {
    expect(await next(at, hours())).toBe(expected);
  });

  it("is found behind closed days, within 400 days and no later", async () => {
    const closed = (days: number) =>
      Array.from({ length: days }, (_, n) => new Date(Date.UTC(2027, 0, 1 + n)).toJSON().slice(0, 10));
    expect(await next("2027-01-01T11:00:00Z", hours("mon-sun 9-20", ...closed(400)))).toBe("2028-02-05 09:00");
    expect(await next("2027-01-01T11:00:00Z", hours("mon-sun 9-20", ...closed(401)))).toBeNull();
    expect(await next("2027-01-01T11:00:00Z", { hours: [], closed: [] })).toBeNull();
  });

  it("is the next range of the same day", async () => {
    expect(await next("2026-11-25T13:30:00+01:00", hours("mon-fri 9-13, mon-fri 15-19"))).toBe("2026-11-25 15:00");
  });

  it("hours up to midnight go on where the next day's begin", async () => {
    const whole = hours("mon-sun 0-24");
    for (const at of ["2026-11-25T23:59:59.999+01:00", "2026-11-26T00:00:00+01:00"])
      expect(await next(at, whole)).toBe("now");
    expect(await next("2026-12-25T00:00:00+01:00", whole)).toBe("2026-12-27 00:00");
    expect(await next("2026-11-26T00:00:00+01:00", hours("wed 20-24"))).toBe("2026-12-02 20:00");
  });
});

it("Easter is where the calendars have it", async () => {
  const rows = await world.query<{ easter: string }>(
    "select to_char(private.easter(y), 'YYYY-MM-DD') as easter from generate_series(1583, 2999) y order by y",
  );
  const found = rows.map(({ easter }) => easter);
  const known = "2024-03-31 2025-04-20 2026-04-05 2027-03-28 2028-04-16 2029-04-01 2030-04-21 2038-04-25".split(" ");
  expect(found).toEqual(expect.arrayContaining(known));
  expect(found).toEqual(found.map((_, n) => easterOf(1583 + n)));
});

it("the holidays are those of the law", async () => {
  const rows = await world.query<{ date: string; holiday: boolean }>(
    "select to_char(d, 'YYYY-MM-DD') as date, private.is_holiday(d::date) as holiday from generate_series(timestamp '2024-01-01', '2031-12-31', '1 day') d",
  );
  const found = rows.filter(({ holiday }) => holiday).map(({ date }) => date);
  expect(found.filter((date) => date.startsWith("2026"))).toEqual(
    "2026-01-01 2026-01-06 2026-04-05 2026-04-06 2026-04-25 2026-05-01 2026-06-02 2026-08-15 2026-10-04 2026-11-01 2026-12-08 2026-12-25 2026-12-26".split(
      " ",
    ),
  );
  expect(found).toEqual(rows.map(({ date }) => date).filter(isHoliday));
});

/** HOURS_CASES=10000 tries as many. */
const CASES = Number(process.env.HOURS_CASES ?? 500);
const DAY = 86_400_000;

const dateOf = (day: number) => new Date(day * DAY).toJSON().slice(0, 10);
const first = Date.UTC(2025, 0, 1) / DAY;
const allDays = Array.from({ length: 11 * 365 }, (_, n) => first + n);
const holidays = allDays.filter((day) => isHoliday(dateOf(day)));
const changes = allDays.filter(
  (day) => /-(03|10)-(2[5-9]|3[01])$/.test(dateOf(day)) && new Date(day * DAY).getUTCDay() === 0,
);

const minute = fc.oneof(fc.integer({ min: 0, max: 1440 }), fc.constantFrom(0, 60, 120, 150, 180, 540, 1200, 1440));
const range = fc
  .tuple(fc.integer({ min: 1, max: 7 }), minute, minute)
  .filter(([, one, other]) => one !== other)
  .map(([day, one, other]) => ({ day, from: Math.min(one, other), to: Math.max(one, other) }));
const anyCase = fc
  .record({
    day: fc.oneof(
      fc.constantFrom(...allDays),
      fc.tuple(fc.constantFrom(...holidays, ...changes), fc.integer({ min: -2, max: 1 })).map(([day, by]) => day + by),
    ),
    minute,
    // A range's bound rather than any minute.
    bound: fc.nat({ max: 31 }),
    offset: fc.constantFrom(1, 2),
    ms: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 59_999 })),
    hours: fc.option(fc.array(range, { minLength: 1, maxLength: 8 }), { freq: 20 }),
    closed: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }),
  })
  .map(({ day, minute, bound, offset, ms, hours, closed }) => ({
    date: dateOf(day),
    at: day * DAY + ((hours?.flatMap(({ from, to }) => [from, to])[bound] ?? minute) - offset * 60) * 60_000 + ms,
    terms: { hours, closed: closed.map((n) => dateOf(day + n)) },
  }));

it("in any case, an automatic message may start exactly if Rome's clock stands within the hours", async () => {
  const cases = fc.sample(anyCase, CASES);
  const found = await world.query<{ next: number | null; openings: [number, number][] }>(
    `select (extract(epoch from private.next_open(to_timestamp((c ->> 'at')::bigint / 1000.0), c -> 'terms')) * 1000)::float8 as next,
            (select coalesce(jsonb_agg(jsonb_build_array(extract(epoch from opens) * 1000, extract(epoch from closes) * 1000)), '[]')
               from private.open_hours((c ->> 'date')::date, c -> 'terms')) as openings
       from jsonb_array_elements('${JSON.stringify(cases)}') with ordinality as t(c, n) order by n`,
  );
  expect(found).toHaveLength(CASES);
  const wrong = found.flatMap(({ next, openings }, n) => {
    const { at, date, terms } = cases[n] ?? expect.unreachable();
    const minutes = new Set(
      openings.flatMap(([opens, closes]) =>
        Array.from({ length: (closes - opens) / 60_000 }, (_, minute) => opens + minute * 60_000),
      ),
    );
    const right = next === nextOpen(at, terms) && `${[...minutes].sort()}` === `${openMinutesOf(date, terms)}`;
    return right ? [] : [{ at: new Date(at), date, terms, next, openings }];
  });
  expect(wrong).toEqual([]);
});
