import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET } from "../../api/conversations.ts";
import { POST } from "../../api/messages.ts";
import { Case } from "../../lib/supabase/cases/case.ts";
import { Customer, line, twoMonthly } from "../helpers/cases.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
let anna: Record<string, string>;
beforeAll(async () => {
  world = await createWorld();
  anna = await world.signIn();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const act = (body: object) => POST(jsonRequest("/api/messages", body, anna));
async function done(body: object): Promise<Case> {
  const response = await act(body);
  expect(response.status).toBe(200);
  return Case.parse(((await response.json()) as { case: unknown }).case);
}
const get = (query: string) => GET(new Request(`http://localhost/api/conversations?${query}`, { headers: anna }));
async function listed(query: string): Promise<unknown[]> {
  const page = (await (await get(query)).json()) as { conversations: { id: number; case: unknown }[] };
  return page.conversations.map(({ id, case: ofCase }) => [id, ofCase]);
}

describe("POST /api/messages", () => {
  it("each action on a case answers with the case, as the thread has it", async () => {
    const c = await Customer.make(world);
    const id = { conversation_id: c.id };
    for (const bill of twoMonthly().slice(0, 5)) await c.sends([bill]);
    await c.sends([{ ...twoMonthly()[5], pod: c.pod(2) }]);
    const file = await c.sends([], { state: "failed" });
    // A POD as a person writes it, with its check digit.
    const spaced = `${c.pod(2).slice(0, 5).toLowerCase()} ${c.pod(2).slice(5)}7`;
    expect(line(await done({ action: "case_pod_merge", ...id, from: spaced, into: c.pod() }), c.pod())).toBe(
      "CCCCCCCCCCCC",
    );
    expect(await done({ action: "case_pod", ...id, pod: c.pod(3), change: "add" })).toMatchObject({
      state: "open",
      covered: 12,
      of: 24,
      missing: [{ pod: c.pod(3), months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }],
    });
    const supplied = await done({ action: "case_supply", ...id, pod: c.pod(3), from: "2025-11-10", to: null });
    expect(supplied.pods[1]).toMatchObject({ pod: c.pod(3), from: "2025-11-10", to: null });
    expect(line(supplied, c.pod(3))).toBe("----------..");
    const chosen = await done({ action: "case_months", id: file, pod: c.pod(3), from: "2025-11", to: "2025-12" });
    expect(chosen).toMatchObject({ state: "complete", covered: 14, of: 14, missing: [] });
    expect(await done({ action: "case_pod", ...id, pod: c.pod(3), change: "remove" })).toMatchObject({ of: 12 });
    expect(await done({ action: "case_declare", ...id, reason: "Va bene così" })).toMatchObject({
      state: "declared",
      declared: { by: "Anna", reason: "Va bene così" },
    });
    expect(await done({ action: "case_reopen", ...id })).toMatchObject({ state: "complete", declared: null });
    const last = await done({ action: "case_year", ...id, year: 2023 });
    expect(last).toMatchObject({ year: 2023, covered: 0, of: 12 });
    const thread = (await (await get(`id=${c.id}`)).json()) as {
      case: Case;
      actions: { who: string; action: string }[];
    };
    expect(thread.case).toEqual(last);
    expect(thread.actions.map(({ who, action }) => `${who} ${action}`).toReversed()).toEqual([
      "Anna case_pod_merge",
      "Anna case_pod_add",
      "Anna case_supply",
      "Anna bill_correct",
      "Anna case_pod_remove",
      "Anna case_declare",
      "Anna case_reopen",
      "Anna case_year",
    ]);
  });

  it("months that staff chose for a file say nothing else, and a person stands for them", async () => {
    const c = await Customer.make(world);
    const file = await c.sends([{ ...twoMonthly()[3], unsure: "all", holder: "Rossi" }], { state: "read" });
    await done({ action: "case_months", id: file, pod: c.pod(), from: "2025-01-01", to: "2025-02-28" });
    const rows = await world.query(
      `select b.state, b.confirmed_by, s.pod, s.period_from::text, s.period_to::text, s.kwh, s.holder,
              s.evidence #>> '{period_to,rule}' as rule, s.evidence #>> '{period_to,by}' as by
         from public.bills b join public.bill_supplies s on s.bill_id = b.id`,
    );
    expect(rows).toEqual([
      {
        state: "read",
        confirmed_by: "Anna",
        pod: c.pod(),
        period_from: "2025-01-01",
        period_to: "2025-02-28",
        kwh: null,
        holder: null,
        rule: "staff",
        by: "Anna",
      },
    ]);
  });

  it.each([
    [400, { action: "case_pod", pod: "IT001F12345678", change: "add" }],
    [400, { action: "case_supply", pod: "IT001E12345678", from: "2025-05-02", to: "2025-05-01" }],
    [400, { action: "case_supply", pod: "IT001E12345678", from: "2025-02-30", to: null }],
    [400, { action: "case_months", id: 1, pod: "IT001E12345678", from: "2025-03", to: "2025-02" }],
    [400, { action: "case_declare", reason: " " }],
    [409, { action: "case_year", year: 2010 }],
    [409, { action: "case_pod_merge", from: "IT001E12345678", into: "IT001E12345678" }],
    [404, { action: "case_reopen", conversation_id: 999 }],
    [404, { action: "case_months", id: 999, pod: "IT001E12345678", from: "2025-01", to: "2025-02" }],
  ])("is %s for %j", async (status, action) => {
    const c = await Customer.make(world);
    expect((await act({ conversation_id: c.id, ...action })).status).toBe(status);
  });
});

describe("GET /api/conversations", () => {
  it("has each customer's case, and filters by its state", async () => {
    const [none, open, unread, complete, declared] = await Promise.all(
      Array.from({ length: 5 }, () => Customer.make(world)),
    );
    if (!none || !open || !unread || !complete || !declared) throw new Error("five");
    await open.sends([twoMonthly()[0] ?? {}]);
    await unread.sends([], { state: "needs_eyes", kind: null });
    for (const bill of twoMonthly()) await complete.sends([bill]);
    await declared.does("case_declare", { p_reason: "x" });
    const year = { year: 2025 };
    expect(await listed("case=none")).toEqual([[none.id, { ...year, state: "none", covered: 0, of: null }]]);
    expect(await listed("case=to_check")).toEqual([[unread.id, { ...year, state: "open", covered: 1, of: null }]]);
    expect(await listed("case=open")).toEqual(
      expect.arrayContaining([
        [unread.id, expect.anything()],
        [open.id, { ...year, state: "open", covered: 2, of: 12 }],
      ]),
    );
    expect(await listed("case=complete")).toEqual([[complete.id, { ...year, state: "complete", covered: 12, of: 12 }]]);
    expect(await listed("case=declared&q=393")).toEqual([
      [declared.id, { ...year, state: "declared", covered: 0, of: null }],
    ]);
    expect((await get("case=perhaps")).status).toBe(400);
    expect(await (await get("limit=1")).json()).toMatchObject({ counts: { all: 5, complete: 2 } });
    const csv = await (await get(`format=csv&case=open&q=${open.phone.slice(-5)}`)).text();
    expect(csv.split("\r\n")[1]).toMatch(
      new RegExp(
        `"2025";"aperta";"2";"12";"${open.pod()}: ${[3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((m) => `2025-${String(m).padStart(2, "0")}`).join(" ")}"`,
      ),
    );
  });

  it("a value that does not count yet is to be checked, and no more once it is confirmed", async () => {
    const c = await Customer.make(world);
    const file = await c.sends([{ ...twoMonthly()[0], unsure: ["kwh"] }]);
    expect(await listed("case=to_check")).toHaveLength(1);
    await world.query(`select public.act_on_bill('bill_confirm', ${file})`);
    expect(await listed("case=to_check")).toEqual([]);
  });
});
