import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Case } from "../../lib/supabase/cases/case.ts";
import { Customer, line, type Said, twoMonthly } from "../helpers/cases.ts";
import { createWorld, type World } from "../helpers/world.ts";

// One database for all of them: each case is another customer's.
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type Expected = {
  /** By POD (its number of the customer's): C covered, u unconfirmed, k known, . missing, - not due. */
  grid?: Record<number, string>;
  kwh?: Record<number, number | null>;
  state?: Case["state"];
  covered?: number;
  of?: number | null;
  year?: number;
  /** Codes, in their order. */
  warnings?: string[];
  text?: string | null;
};
type Told = (c: Customer) => Promise<unknown>;

const JAN_AUG = "CCCCCCCC....";
const YEAR = "CCCCCCCCCCCC";
const each = async (c: Customer, bills: Said[]) => {
  for (const bill of bills) await c.sends([bill]);
};
const year: Told = (c) => each(c, twoMonthly());
const janAug: Told = (c) => each(c, twoMonthly().slice(0, 4));
const month = (n: number, kwh = 10, more: Said = {}): Said => ({
  from: `2025-${String(n).padStart(2, "0")}-01`,
  to: new Date(Date.UTC(2025, n, 0)).toJSON().slice(0, 10),
  kwh,
  ...more,
});
const months = (first: number, last: number, more: Said = {}) =>
  Array.from({ length: last - first + 1 }, (_, i) => month(first + i, 10, more));

const CASES: [name: string, told: Told, expected: Expected][] = [
  [
    "nothing was sent",
    async () => {},
    { grid: {}, state: "none", covered: 0, of: null, year: 2025, warnings: [], text: null },
  ],
  [
    "every month, in six bills",
    year,
    { grid: { 1: YEAR }, kwh: { 1: 600 }, state: "complete", covered: 12, of: 12, warnings: [], text: null },
  ],
  [
    "every month, in twelve bills",
    (c) => each(c, months(1, 12)),
    { grid: { 1: YEAR }, kwh: { 1: 120 }, state: "complete" },
  ],
  [
    "January to August",
    janAug,
    {
      grid: { 1: JAN_AUG },
      kwh: { 1: null },
      state: "open",
      covered: 8,
      of: 12,
      warnings: ["gap"],
      text: "Grazie, abbiamo ricevuto gennaio–agosto 2025 per il POD …5678. Mancano settembre, ottobre, novembre e dicembre.",
    },
  ],
  [
    "one month is missing",
    (c) => each(c, [...months(1, 8), ...months(10, 12)]),
    {
      grid: { 1: "CCCCCCCC.CCC" },
      text: "Grazie, abbiamo ricevuto gennaio–agosto e ottobre–dicembre 2025 per il POD …5678. Manca settembre.",
    },
  ],
  [
    "most of a year is missing",
    (c) => each(c, [month(1)]),
    {
      grid: { 1: "C..........." },
      text: "Grazie, abbiamo ricevuto gennaio 2025 per il POD …5678. Mancano da febbraio a dicembre.",
    },
  ],
  [
    "months are missing here and there",
    (c) => each(c, [month(1), month(2), month(4)]),
    {
      text: "Grazie, abbiamo ricevuto gennaio, febbraio e aprile 2025 per il POD …5678. Mancano marzo e da maggio a dicembre.",
    },
  ],
  [
    "only a bill of another year",
    (c) => each(c, [{ from: "2026-10-01", to: "2026-10-31", kwh: 5 }]),
    {
      grid: { 1: "............" },
      covered: 0,
      warnings: ["other_year", "gap"],
      text: "Abbiamo ricevuto ottobre 2026; servono quelle del 2025.",
    },
  ],
  [
    "two PODs, one of them whole",
    async (c) => {
      await janAug(c);
      await each(
        c,
        twoMonthly().map((bill) => ({ ...bill, pod: c.pod(2) })),
      );
    },
    {
      grid: { 1: JAN_AUG, 2: YEAR },
      kwh: { 1: null, 2: 600 },
      covered: 20,
      of: 24,
      text: "Grazie, abbiamo ricevuto gennaio–agosto 2025 per il POD …5678 e tutto il 2025 per il POD …5679. Per il POD …5678 mancano settembre, ottobre, novembre e dicembre.",
    },
  ],
  [
    "two PODs, the same of both",
    async (c) => {
      for (const bill of twoMonthly().slice(0, 4)) await c.sends([bill, { ...bill, pod: c.pod(2) }]);
    },
    {
      grid: { 1: JAN_AUG, 2: JAN_AUG },
      text: "Grazie, abbiamo ricevuto gennaio–agosto 2025 per i POD …5678 e …5679. Per i POD …5678 e …5679 mancano settembre, ottobre, novembre e dicembre.",
    },
  ],
  [
    "two PODs, nothing of one of them",
    async (c) => {
      await year(c);
      await c.does("case_pod_add", { p_pod: c.pod(2) });
    },
    {
      grid: { 1: YEAR, 2: "............" },
      state: "open",
      text: "Grazie, abbiamo ricevuto tutto il 2025 per il POD …5678. Per il POD …5679 manca tutto il 2025.",
    },
  ],
  [
    "two PODs in one file",
    (c) => c.sends([month(1), month(1, 7, { pod: c.pod(2) })]),
    { grid: { 1: "C...........", 2: "C..........." }, of: 24 },
  ],
  [
    "25 days make a month",
    (c) => each(c, [{ from: "2025-01-07", to: "2025-01-31", kwh: 1 }]),
    { grid: { 1: "C..........." } },
  ],
  [
    "24 days do not",
    (c) => each(c, [{ from: "2025-01-08", to: "2025-01-31", kwh: 1 }]),
    { grid: { 1: "............" } },
  ],
  [
    "two bills make a month together",
    (c) =>
      each(c, [
        { from: "2025-01-01", to: "2025-01-15", kwh: 1 },
        { from: "2025-01-16", to: "2025-01-28", kwh: 1 },
      ]),
    { grid: { 1: "C..........." } },
  ],
  [
    "February of a leap year",
    async (c) => {
      await c.does("case_year", { p_year: 2024 });
      await each(c, [
        { from: "2024-02-01", to: "2024-02-25", kwh: 1 },
        { from: "2024-03-01", to: "2024-03-24", kwh: 1 },
      ]);
    },
    { year: 2024, grid: { 1: ".C.........." } },
  ],
  [
    "a leap year is not whole without 29 February",
    async (c) => {
      await c.does("case_year", { p_year: 2024 });
      await each(c, [
        { from: "2024-01-01", to: "2024-02-28", kwh: 1 },
        { from: "2024-03-01", to: "2024-12-31", kwh: 1 },
      ]);
    },
    { grid: { 1: YEAR }, kwh: { 1: null }, state: "complete", warnings: ["gap"] },
  ],
  [
    "late: the bills come last month first",
    (c) => each(c, twoMonthly().toReversed()),
    { grid: { 1: YEAR }, kwh: { 1: 600 }, state: "complete" },
  ],
  [
    "overlapping bills",
    (c) =>
      each(c, [
        { from: "2025-01-01", to: "2025-07-15", kwh: 1 },
        { from: "2025-07-01", to: "2025-12-31", kwh: 1 },
      ]),
    { grid: { 1: YEAR }, kwh: { 1: null }, state: "complete", warnings: ["overlap"] },
  ],
  [
    "a gap of three days",
    (c) =>
      each(c, [
        { from: "2025-01-01", to: "2025-06-27", kwh: 1 },
        { from: "2025-07-01", to: "2025-12-31", kwh: 1 },
      ]),
    { grid: { 1: YEAR }, kwh: { 1: null }, state: "complete", warnings: ["gap"] },
  ],
  [
    "a bill across New Year",
    (c) =>
      each(c, [
        { from: "2024-12-01", to: "2025-01-31", kwh: 1 },
        { from: "2025-02-01", to: "2025-12-31", kwh: 1 },
      ]),
    { grid: { 1: YEAR }, kwh: { 1: null }, state: "complete", warnings: ["crosses_year"] },
  ],
  [
    "a kWh that is not sure",
    (c) => each(c, [...twoMonthly().slice(1), { ...twoMonthly()[0], unsure: ["kwh"] }]),
    { grid: { 1: YEAR }, kwh: { 1: null }, state: "complete", warnings: ["gap"] },
  ],
  [
    "the same bill twice",
    (c) => each(c, [...twoMonthly(), ...twoMonthly().slice(0, 2)]),
    { grid: { 1: YEAR }, kwh: { 1: 600 }, warnings: [] },
  ],
  [
    "the same bill twice, once without its kWh",
    (c) => each(c, [{ ...twoMonthly()[0], kwh: null }, ...twoMonthly()]),
    { kwh: { 1: 600 }, warnings: [] },
  ],
  [
    "two bills of the same months by different numbers",
    (c) => each(c, [...twoMonthly().map((bill) => ({ ...bill, invoice: "A" })), { ...twoMonthly()[0], invoice: "B" }]),
    { grid: { 1: YEAR }, kwh: { 1: null }, warnings: ["overlap"] },
  ],
  [
    "corrected: a ricalcolo replaces two months",
    (c) =>
      each(c, [
        ...twoMonthly().map((bill) => ({ ...bill, issued: "2025-12-31" })),
        {
          from: "2025-01-01",
          to: "2025-02-28",
          kwh: 70,
          replaces: ["2025-01-01", "2025-02-28"],
          issued: "2026-02-01",
          invoice: "R",
        },
      ]),
    { grid: { 1: YEAR }, kwh: { 1: 570 }, state: "complete", warnings: [] },
  ],
  [
    "corrected twice: the later ricalcolo counts",
    (c) =>
      each(c, [
        {
          from: "2025-01-01",
          to: "2025-02-28",
          kwh: 60,
          replaces: ["2025-01-01", "2025-02-28"],
          issued: "2026-03-01",
          invoice: "S",
        },
        {
          from: "2025-01-01",
          to: "2025-02-28",
          kwh: 70,
          replaces: ["2025-01-01", "2025-02-28"],
          issued: "2026-02-01",
          invoice: "R",
        },
        ...twoMonthly().map((bill) => ({ ...bill, issued: "2025-12-31" })),
      ]),
    { kwh: { 1: 560 }, warnings: [] },
  ],
  [
    "a ricalcolo that does not say what it bills anew",
    (c) =>
      each(c, [
        ...twoMonthly().slice(0, 5),
        { ...twoMonthly()[5], replaces: ["2025-01-01", "2025-02-28"] as [string, string], issued: "2026-02-01" },
      ]),
    { grid: { 1: YEAR }, kwh: { 1: null }, warnings: ["gap"] },
  ],
  [
    "switched supplier within a month",
    (c) =>
      each(c, [
        { from: "2025-01-01", to: "2025-05-14", kwh: 40, supplier: "Enel Energia" },
        { from: "2025-05-15", to: "2025-12-31", kwh: 60, supplier: "Plenitude" },
      ]),
    { grid: { 1: YEAR }, kwh: { 1: 100 }, state: "complete", warnings: [] },
  ],
  [
    "a new supply in May",
    async (c) => {
      await each(c, [{ from: "2025-05-20", to: "2025-06-30", kwh: 5 }, ...twoMonthly().slice(3)]);
      await c.does("case_supply", { p_pod: c.pod(), p_from: "2025-05-20", p_to: null });
    },
    { grid: { 1: "----CCCCCCCC" }, kwh: { 1: 305 }, state: "complete", covered: 8, of: 8, warnings: [] },
  ],
  [
    "a new supply in May, of whose first month a day is missing",
    async (c) => {
      await each(c, [{ from: "2025-05-21", to: "2025-06-30", kwh: 5 }]);
      await c.does("case_supply", { p_pod: c.pod(), p_from: "2025-05-20", p_to: null });
    },
    { grid: { 1: "----.C......" }, kwh: { 1: null }, of: 8 },
  ],
  [
    "a supply that ended in June",
    async (c) => {
      await each(c, twoMonthly().slice(0, 3));
      await c.does("case_supply", { p_pod: c.pod(), p_from: null, p_to: "2025-06-30" });
    },
    { grid: { 1: "CCCCCC------" }, kwh: { 1: 300 }, state: "complete", warnings: [] },
  ],
  [
    "what is not sure is not asked for",
    (c) => each(c, [...twoMonthly().slice(0, 4), { ...twoMonthly()[4], unsure: ["period_to"] }]),
    {
      grid: { 1: "CCCCCCCCuu.." },
      covered: 8,
      text: "Grazie, abbiamo ricevuto gennaio–ottobre 2025 per il POD …5678. Mancano novembre e dicembre.",
    },
  ],
  [
    "what is not sure counts if a person confirmed it",
    (c) => c.sends([{ ...month(1), unsure: "all" }], { confirmed: true }),
    { grid: { 1: "C..........." } },
  ],
  [
    "nothing is sure",
    (c) =>
      each(
        c,
        twoMonthly().map((bill) => ({ ...bill, unsure: "all" as const })),
      ),
    { grid: { 1: "uuuuuuuuuuuu" }, state: "open", text: null },
  ],
  [
    "a bill without a POD",
    async (c) => {
      await each(c, [month(1), { ...month(2), pod: null }]);
    },
    { grid: { 1: "Cu.........." } },
  ],
  [
    "a bill without a POD alone",
    (c) => each(c, [{ ...month(2), pod: null }]),
    { grid: {}, state: "open", covered: 1, of: null, text: null },
  ],
  [
    "a table of months only (MT)",
    (c) => c.sends([{ months: { "2025-01": 5, "2025-02": 6 } }]),
    { grid: { 1: "kk.........." }, covered: 0 },
  ],
  [
    "a bill with a table of months",
    (c) => c.sends([{ ...month(3), months: { "2025-01": 5, "2025-02": 6, "2024-12": 7 } }]),
    {
      grid: { 1: "kkC........." },
      text: "Grazie, abbiamo ricevuto marzo 2025 per il POD …5678. Mancano gennaio, febbraio e da aprile a dicembre.",
    },
  ],
  [
    "a bill of another year with a table of months",
    (c) => c.sends([{ from: "2026-01-01", to: "2026-01-31", kwh: 1, months: { "2025-12": 7 } }]),
    { grid: { 1: "...........k" } },
  ],
  [
    "the wrong holder",
    (c) => each(c, [...months(1, 11, { holder: "Soc. Agr. Rossi S.S." }), month(12, 10, { holder: "Anna Bianchi" })]),
    { grid: { 1: YEAR }, warnings: ["holder_differs"] },
  ],
  [
    "the same holder in other words",
    (c) =>
      each(c, [
        month(1, 10, { holder: "Società Agricola Rossi di Mario Rossi & C. S.S." }),
        month(2, 10, { holder: "SOC. AGR. ROSSI MARIO s.s." }),
        month(3, 10, { holder: "soc agr rossi di màrio rossi" }),
      ]),
    { warnings: ["gap"] },
  ],
  [
    "a domestic supply",
    (c) => each(c, [{ ...twoMonthly()[0], to: "2025-12-31", use: "domestic" }]),
    { warnings: ["domestic_use"] },
  ],
  ["gas only", (c) => c.sends([], { state: "not_a_bill", kind: "gas" }), { state: "none", warnings: ["gas_only"] }],
  [
    "a receipt",
    (c) => c.sends([], { state: "not_a_bill", kind: "receipt" }),
    { state: "none", grid: {}, warnings: [] },
  ],
  ["a file that nobody has read", (c) => c.sends([], { state: "waiting" }), { state: "open", covered: 1, of: null }],
  [
    "a rejected bill",
    async (c) => {
      await janAug(c);
      const id = await c.sends([twoMonthly()[4] ?? {}]);
      await world.query(`select public.act_on_bill('bill_reject', ${id})`);
    },
    { grid: { 1: JAN_AUG } },
  ],
  [
    "a page of a bill",
    async (c) => {
      await janAug(c);
      const bill = await c.sends([twoMonthly()[4] ?? {}]);
      const page = await c.sends([], { state: "needs_eyes", kind: null });
      await world.query(`select public.act_on_bill('bill_page', ${page}, ${bill})`);
    },
    { grid: { 1: "CCCCCCCCCC.." } },
  ],
  [
    "months that staff chose for a file",
    async (c) => {
      await janAug(c);
      const id = await c.sends([], { state: "failed" });
      await c.does("case_months", {
        p_conversation_id: null,
        p_message_id: id,
        p_pod: c.pod(),
        p_from: "2025-09-01",
        p_to: "2025-12-31",
      });
    },
    { grid: { 1: YEAR }, state: "complete", kwh: { 1: null }, warnings: ["gap"] },
  ],
  [
    "a misread POD, merged",
    async (c) => {
      await each(c, [
        ...twoMonthly().slice(0, 3),
        ...twoMonthly()
          .slice(3)
          .map((bill) => ({ ...bill, pod: c.pod(2), unsure: ["pod"] })),
      ]);
      await c.does("case_pod_merge", { p_pod: c.pod(2), p_into: c.pod() });
    },
    { grid: { 1: YEAR }, kwh: { 1: 600 }, state: "complete", of: 12 },
  ],
  [
    "misread twice, merged one after the other",
    async (c) => {
      await each(c, [month(1), month(2, 10, { pod: c.pod(2) }), month(3, 10, { pod: c.pod(3) })]);
      await c.does("case_pod_merge", { p_pod: c.pod(3), p_into: c.pod(2) });
      await c.does("case_pod_merge", { p_pod: c.pod(2), p_into: c.pod() });
    },
    { grid: { 1: "CCC........." }, of: 12 },
  ],
  [
    "a POD that staff removed",
    async (c) => {
      await each(c, [month(1), month(1, 10, { pod: c.pod(2) })]);
      await c.does("case_pod_remove", { p_pod: c.pod(2) });
    },
    { grid: { 1: "C..........." }, of: 12 },
  ],
  [
    "a POD that staff removed and added again",
    async (c) => {
      await each(c, [month(1), month(1, 10, { pod: c.pod(2) })]);
      await c.does("case_pod_remove", { p_pod: c.pod(2) });
      await c.does("case_pod_add", { p_pod: c.pod(2) });
    },
    { grid: { 1: "C...........", 2: "C..........." } },
  ],
  [
    "a POD that staff added, nothing sent",
    (c) => c.does("case_pod_add", { p_pod: c.pod() }),
    { grid: { 1: "............" }, state: "none", of: 12, text: "Per il POD …5678 servono le bollette del 2025." },
  ],
  [
    "the year changed",
    async (c) => {
      await each(c, twoMonthly(2023));
      await c.does("case_year", { p_year: 2023 });
    },
    { year: 2023, grid: { 1: YEAR }, kwh: { 1: 600 }, state: "complete", warnings: [] },
  ],
  [
    "declared complete",
    async (c) => {
      await janAug(c);
      await c.does("case_declare", { p_reason: "L’impianto è fermo da settembre" });
    },
    { grid: { 1: JAN_AUG }, state: "declared", covered: 8, of: 12 },
  ],
  [
    "declared complete and opened again",
    async (c) => {
      await janAug(c);
      await c.does("case_declare", { p_reason: "x" });
      await c.does("case_reopen");
    },
    { state: "open" },
  ],
];

async function expectCase(c: Customer, expected: Expected): Promise<void> {
  const got = Case.parse(await c.case());
  const { grid, kwh, warnings, ...rest } = expected;
  expect(got).toMatchObject(rest);
  if (grid) {
    expect(got.pods.map(({ pod }) => [pod, line(got, pod)])).toEqual(
      Object.entries(grid).map(([k, row]) => [c.pod(+k), row]),
    );
  }
  for (const [k, sum] of Object.entries(kwh ?? {}))
    expect(got.pods.find(({ pod }) => pod === c.pod(+k))?.kwh).toBe(sum);
  if (warnings) expect(got.warnings.map(({ code }) => code)).toEqual(warnings);
  // What holds of every case.
  for (const { pod, months: cells, kwh: sum } of got.pods) {
    const missing = cells.filter(({ state }) => state === "missing" || state === "known").map((cell) => cell.month);
    expect(got.missing.find((one) => one.pod === pod)?.months ?? []).toEqual(missing);
    const explained = got.warnings.some((w) => w.pod === pod && ["gap", "overlap", "crosses_year"].includes(w.code));
    expect(sum === null).toBe(explained);
  }
  const [row] = await world.query<Record<string, unknown>>(
    `select case_year as year, case_state as state, case_covered as covered, case_of as "of", case_missing as missing
       from public.conversations where id = ${c.id}`,
  );
  expect(row).toEqual({ year: got.year, state: got.state, covered: got.covered, of: got.of, missing: got.missing });
}

describe("a case", () => {
  it.each(CASES)("%s", async (_, told, expected) => {
    const c = await Customer.make(world);
    await told(c);
    await expectCase(c, expected);
  });
});

it("a supply that another customer has too is told in both cases", async () => {
  const [one, other] = [await Customer.make(world), await Customer.make(world)];
  await one.sends([month(1)]);
  await other.sends([month(2, 10, { pod: one.pod() })]);
  const shared = async (c: Customer) => (await c.case()).warnings.filter(({ code }) => code === "pod_shared");
  expect(await shared(one)).toEqual([{ code: "pod_shared", pod: one.pod(), conversations: [other.id] }]);
  expect(await shared(other)).toEqual([{ code: "pod_shared", pod: one.pod(), conversations: [one.id] }]);
  await other.does("case_pod_remove", { p_pod: one.pod() });
  expect([await shared(one), await shared(other)]).toEqual([[], []]);
});

it("the farm's name is the one that CloudTalk has", async () => {
  const c = await Customer.make(world, undefined, "Az. Agr. Verdi di Luigi Verdi");
  await c.sends([month(1, 10, { holder: "VERDI LUIGI" })]);
  const wrong = await c.sends([month(2, 10, { holder: "Maria Neri" })]);
  expect((await c.case()).warnings[0]).toEqual({
    code: "holder_differs",
    pod: c.pod(),
    holder: "Maria Neri",
    bills: [wrong],
  });
});

it("the year does not change on New Year's Eve, and months that are not over are not due", async () => {
  const before = await Customer.make(world, "2025-12-31T23:59:00+01:00");
  const after = await Customer.make(world, "2026-01-01T00:01:00+01:00");
  expect([(await before.case()).year, (await after.case()).year]).toEqual([2024, 2025]);
  // A later message, or one that WhatsApp replays, changes nothing.
  for (const at of ["2026-02-01", "2019-02-01"]) {
    await world.query(
      `insert into public.whatsapp_messages (direction, kind, status, phone_number, type, text, message_at)
       values ('incoming', 'incoming', 'received', '${before.phone}', 'text', 'Ciao', '${at}')`,
    );
  }
  expect((await before.case()).year).toBe(2024);
  const running = new Date().getUTCFullYear() + 1;
  await world.query(`update public.conversations set case_year = ${running} where id = ${after.id}`);
  await after.sends([{ from: `${running}-01-01`, to: `${running}-01-31`, kwh: 1 }]);
  expect(await after.case()).toMatchObject({ covered: 0, of: 0, missing: [], state: "open" });
  expect(await after.does("case_year", { p_year: running })).toEqual({ error: "not_possible", status: "year" });
});

it("CASE_ACCEPTS_HISTORY: a table of months covers them", async () => {
  const c = await Customer.make(world);
  await world.query(`update private.terms set terms = '{"case": {"accepts_history": true}}' where id`);
  await c.sends([
    { ...month(3), months: { "2025-01": 5 } },
    { pod: c.pod(2), months: { "2025-01": 5 }, unsure: "all" },
  ]);
  const accepted = await c.case();
  const covered = () => world.query(`select case_covered as covered from public.conversations where id = ${c.id}`);
  const sweep = async () => {
    await world.query("update public.whatsapp_sender set sweep_at = now() where id");
    await world.query("select public.claim_sweep(1000)");
  };
  expect(await covered()).toEqual([{ covered: 2 }]);
  await world.query("update private.terms set terms = '{}' where id");
  await sweep();
  expect(await covered()).toEqual([{ covered: 1 }]);
  expect(line(accepted, c.pod())).toBe("C.C.........");
  expect(line(accepted, c.pod(2))).toBe("u...........");
  expect(accepted.pods[0]?.months[0]).toMatchObject({ kwh: 5 });
  expect(line(await c.case(), c.pod())).toBe("k.C.........");
});

it("a month's kWh is what a document gives for that month", async () => {
  const c = await Customer.make(world);
  const bill = await c.sends([{ ...month(3, 30), months: { "2025-01": 5 } }]);
  const long = await c.sends([{ from: "2025-04-01", to: "2025-05-31", kwh: 90 }]);
  const { pods } = await c.case();
  expect(pods[0]?.months.map(({ kwh }) => kwh)).toEqual([5, null, 30, ...Array(9).fill(null)]);
  expect(pods[0]?.months.map(({ bills }) => bills)).toEqual([[bill], [], [bill], [long], [long], ...Array(7).fill([])]);
  expect(pods[0]?.parts).toEqual([
    { bill, from: "2025-03-01", to: "2025-03-31", kwh: 30 },
    { bill: long, from: "2025-04-01", to: "2025-05-31", kwh: 90 },
  ]);
});

it("two conversations that are one customer's have one case", async () => {
  const [older, younger] = [await Customer.make(world), await Customer.make(world)];
  await older.sends([month(1)]);
  await younger.sends([month(2, 10, { pod: older.pod() })]);
  await younger.does("case_supply", { p_pod: older.pod(), p_from: null, p_to: "2025-02-28" });
  await younger.does("case_declare", { p_reason: "Azienda chiusa" });
  await world.query(`select private.merge_customers(${younger.id}, ${older.id})`);
  await expectCase(older, { grid: { 1: "CC----------" }, state: "declared", kwh: { 1: 20 }, warnings: [] });
});

/** What somebody sees of a case, whatever ids the files have. */
const seen = ({ pods, missing, state, covered, of }: Case) => ({
  pods: pods.map(({ months: cells, parts, ...pod }) => ({
    ...pod,
    months: cells.map(({ bills, ...cell }) => ({ ...cell, bills: bills.length })),
    parts: parts.map(({ bill: _, ...part }) => part),
  })),
  missing,
  state,
  covered,
  of,
});

it("neither the order in which bills arrive nor a second reading changes the grid", async () => {
  const day = fc.integer({ min: -40, max: 400 }).map((n) => new Date(Date.UTC(2025, 0, 1 + n)).toJSON().slice(0, 10));
  const range = fc.tuple(day, fc.integer({ min: 0, max: 95 })).map(([from, days]): [string, string] => {
    return [from, new Date(Date.parse(from) + days * 86_400_000).toJSON().slice(0, 10)];
  });
  const bill = fc.record({
    k: fc.constantFrom(1, 1, 2, null),
    range,
    kwh: fc.option(fc.integer({ min: 0, max: 3 })),
    replaces: fc.option(range, { freq: 4 }),
    issued: fc.option(fc.constantFrom("2025-06-01", "2026-01-01", "2026-02-01")),
    invoice: fc.option(fc.constantFrom("A", "B", "C")),
    supplier: fc.option(fc.constantFrom("Enel Energia", "Plenitude")),
    months: fc.option(fc.constant({ "2025-01": 5, "2025-12": 6 })),
    unsure: fc.subarray(["pod", "period_from", "kwh", "months", "replaces_from"], { maxLength: 2 }),
    confirmed: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(bill, { minLength: 1, maxLength: 7 }),
      fc.infiniteStream(fc.nat()),
      async (bills, order) => {
        const c = await Customer.make(world);
        const send = async (list: typeof bills) => {
          for (const {
            k,
            range: [from, to],
            replaces,
            issued,
            invoice,
            supplier,
            months: table,
            confirmed,
            ...rest
          } of list) {
            const said = { ...rest, pod: k === null ? null : c.pod(k), from, to };
            const more = {
              ...(replaces && { replaces }),
              ...(issued && { issued }),
              ...(invoice && { invoice }),
              ...(supplier && { supplier }),
            };
            await c.sends([{ ...said, ...more, ...(table && { months: table }) }], { confirmed });
          }
        };
        await send(bills);
        const first = await c.case();
        // Read again: rows are written anew, with ids of their own.
        await world.query(
          `with old as (delete from public.bill_supplies s using public.bills b, public.whatsapp_messages m
            where b.id = s.bill_id and m.id = b.message_id and m.conversation_id = ${c.id} returning s.*)
         insert into public.bill_supplies overriding user value select * from old order by id desc`,
        );
        expect(seen(await c.case())).toEqual(seen(first));
        await world.query(`delete from public.whatsapp_messages where conversation_id = ${c.id} and is_bill`);
        const keys = bills.map((_, i) => [order.next().value, i] as const).toSorted(([a], [b]) => a - b);
        await send(keys.flatMap(([, i]) => bills[i] ?? []));
        expect(seen(await c.case())).toEqual(seen(first));
      },
    ),
    { numRuns: 25 },
  );
});
