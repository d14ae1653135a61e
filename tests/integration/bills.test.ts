import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET as getBills } from "../../api/bills.ts";
import { GET as getConversations } from "../../api/conversations.ts";
import { POST as postAction } from "../../api/messages.ts";
import { POST as ringReader } from "../../api/read-bills.ts";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { bill, billsIn, reading, supply } from "../helpers/bills.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

const MARIA = "+393330000001";
const LUCA = "+393330000002";

let world: World;
let db: ReturnType<typeof billsIn>;
beforeAll(async () => {
  world = await createWorld();
  db = billsIn(world);
});
afterAll(() => world.close());
beforeEach(() => world.reset());

/** A file that comes and is read at once. */
async function read(
  number: string,
  said: Parameters<typeof db.settle>[1],
  options: Parameters<typeof db.store>[1] = {},
) {
  const id = await db.store(number, options);
  const claimed = await db.claim();
  if (claimed?.message_id !== id) throw new Error("another file was due");
  await db.settle(claimed, said);
  return id;
}
const call = (call_uuid: string, number = MARIA, more = {}) =>
  postCall(
    jsonRequest("/webhook/cloudtalk", {
      call_uuid,
      external_number: Number(number.slice(1)),
      talking_time: 50,
      ...more,
    }),
  );
const asks = () =>
  world.query("select status, error_code from public.whatsapp_messages where kind = 'ask' order by id");
const act = async (body: object) => {
  const answer = await postAction(jsonRequest("/api/messages", body, await world.signIn()));
  return { status: answer.status, body: await answer.json() };
};

describe("the queue", () => {
  it("gives out each stored file once, and as many as may be read at once", async () => {
    const first = await db.store(MARIA);
    const second = await db.store(MARIA);
    expect(await db.waits(first)).toBe(true);
    expect(await db.claim(2)).toMatchObject({ message_id: first, attempts: 1 });
    expect(await db.claim(1)).toBeNull();
    expect(await db.claim(2)).toMatchObject({ message_id: second });
    expect(await db.claim(9)).toBeNull();
  });

  it("tries what ends its reader by force once more, after the others, and then never", async () => {
    const hangs = await db.store(MARIA);
    const fine = await db.store(MARIA);
    const claimed = await db.claim();
    const hung = reading("failed", null, [], "took_too_long");
    expect(await db.settle(claimed ?? never(), hung)).toEqual({ settled: true, state: "waiting" });
    const next = await db.claim();
    expect(next?.message_id).toBe(fine);
    await db.settle(next ?? never(), bill(supply()));
    const again = await db.claim();
    expect(again).toMatchObject({ message_id: hangs, attempts: 2 });
    expect(await db.settle(again ?? never(), hung)).toEqual({ settled: true, state: "failed" });
    expect(await db.claim()).toBeNull();
    expect(await db.waits(hangs)).toBe(true);
  });

  it("gives up a file whose function died twice, and forgets what a dead one still says", async () => {
    const id = await db.store(MARIA);
    const dead = await db.claim();
    const die = () =>
      world.query("update public.bills set due_at = now() - interval '1 second' where due_at is not null");
    await die();
    expect(await db.claim()).toMatchObject({ message_id: id, attempts: 2 });
    expect(await db.settle(dead ?? never(), bill(supply()))).toEqual({ settled: false });
    await die();
    expect(await db.claim()).toBeNull();
    expect(await world.query("select state, reason from public.bills")).toEqual([
      { state: "failed", reason: "crashed" },
    ]);
  });

  it("reads again what an older version read, but nothing that a person confirmed", async () => {
    const confirmed = await read(MARIA, bill(supply()));
    const other = await read(MARIA, bill(supply({ pod: "IT001E00000002", invoice_number: "F-2" })), { ago: "2 hours" });
    await db.act("bill_confirm", confirmed);
    expect(await world.query("select public.reread_bills(2) as count")).toEqual([{ count: 1 }]);
    expect(await db.waits(other)).toBe(false);
    const claimed = await db.claim();
    expect(claimed?.message_id).toBe(other);
    await db.settle(claimed ?? never(), bill(supply({ pod: "IT001E00000003" })), 2);
    expect(await db.supplies(other)).toMatchObject([{ pod: "IT001E00000003" }]);
    expect(await world.query("select public.reread_bills(2) as count")).toEqual([{ count: 0 }]);
  });
});

describe("what a file is", () => {
  it("is kept with its evidence; of the holder's tax code only a keyed hash", async () => {
    const id = await read(MARIA, bill(supply({ holder: "Rossi Mario", holder_id: "RSSMRA80A01H501U" })));
    const [kept] = await db.supplies(id);
    expect(kept).toMatchObject({ pod: "IT001E12345678", period_from: "2025-01-01", kwh: 1980, holder: "Rossi Mario" });
    expect(kept?.evidence.kwh).toMatchObject({ value: 1980, sure: true, rule: "label" });
    expect(kept?.holder_hash).toMatch(/^[0-9a-f]{64}$/);
    const all = await world.query(
      "select b::text || s::text as words from public.bills b join public.bill_supplies s on s.bill_id = b.id",
    );
    expect(JSON.stringify(all)).not.toContain("RSSMRA80A01H501U");
    const other = await read(LUCA, bill(supply({ holder_id: "rssmra80a01h501u" })));
    expect((await db.supplies(other))[0]?.holder_hash).toBe(kept?.holder_hash);
  });

  it("a gas bill and a receipt have no supplies, even with a POD on them", async () => {
    const gas = await read(MARIA, reading("not_a_bill", "gas", [supply()]));
    const receipt = await read(MARIA, reading("not_a_bill", "receipt", [supply()]));
    expect(await db.supplies(gas)).toEqual([]);
    expect(await db.supplies(receipt)).toEqual([]);
  });

  it("the same bytes, or the same POD, period and invoice, are a repeat; another customer's are none", async () => {
    const one = await read(MARIA, bill(supply()), { sha: "a" });
    const bytes = await read(MARIA, bill(supply()), { sha: "a" });
    const again = await read(MARIA, bill(supply({ power_kw: 30 })), { type: "application/pdf", ago: "3 days" });
    const next = await read(MARIA, bill(supply({ invoice_number: "F-2" })), { ago: "9 days" });
    const lucas = await read(LUCA, bill(supply()), { sha: "a" });
    expect((await db.bills()).map(({ message, repeats }) => [message, repeats])).toEqual([
      [one, null],
      [bytes, one],
      [again, one],
      [next, null],
      [lucas, null],
    ]);
    expect(await db.supplies(again)).toEqual([]);
    expect(await db.waits(again)).toBe(false);
  });
});

describe("photos of one bill", () => {
  const page = (columns: object) =>
    bill(
      supply({
        pod: null,
        period_from: null,
        period_to: null,
        kwh: null,
        supplier: null,
        invoice_number: null,
        ...columns,
      }),
    );

  it("belong to the one with the POD, whichever is read first, and wait for nobody", async () => {
    const second = await read(
      MARIA,
      { ...page({ power_kw: 30, kwh: 1980 }), state: "needs_eyes", reason: "too_little" },
      { ago: "3 minutes" },
    );
    expect(await db.waits(second)).toBe(true);
    const first = await read(MARIA, bill(supply({ power_kw: null })), { ago: "4 minutes" });
    const third = await read(MARIA, page({ holder: "Rossi Mario", kwh: 2000 }), { ago: "1 minute" });
    expect((await db.bills()).map(({ message, page }) => [message, page])).toEqual([
      [second, first],
      [first, null],
      [third, first],
    ]);
    expect([await db.waits(second), await db.waits(third)]).toEqual([false, false]);
    const [whole] = await db.supplies(first);
    expect(whole).toMatchObject({ power_kw: 30, holder: "Rossi Mario", kwh: 1980 });
    expect(whole?.evidence.power_kw).toMatchObject({ message_id: second });
    // Two pages contradict each other.
    expect(whole?.evidence.kwh).toMatchObject({ value: 1980, sure: false });
    expect(await db.supplies(third)).toEqual([]);
  });

  it("of another time, of another customer, or a PDF are none of its pages", async () => {
    await read(MARIA, bill(supply()), { ago: "30 minutes" });
    await read(MARIA, page({ power_kw: 3 }), { ago: "15 minutes" });
    await read(LUCA, page({ power_kw: 3 }), { ago: "29 minutes" });
    await read(MARIA, page({ power_kw: 3 }), { ago: "29 minutes", type: "application/pdf" });
    expect((await db.bills()).map(({ page }) => page)).toEqual([null, null, null, null]);
  });

  it("go to the bill that staff name, with what they say", async () => {
    const first = await read(MARIA, bill(supply()), { ago: "4 minutes" });
    const other = await read(MARIA, bill(supply({ pod: "IT001E00000009", invoice_number: "F-9" })), { ago: "1 day" });
    const photo = await read(MARIA, page({ power_kw: 30 }), { ago: "1 minute" });
    expect(await db.supplies(first)).toMatchObject([{ power_kw: 30 }]);
    expect(await act({ action: "bill_page", id: photo, of: other })).toMatchObject({ status: 200 });
    expect(await db.supplies(first)).toMatchObject([{ power_kw: null }]);
    expect(await db.supplies(other)).toMatchObject([{ power_kw: 30 }]);
    expect(await act({ action: "bill_page", id: other, of: other })).toMatchObject({ status: 409 });
    const lucas = await read(LUCA, bill(supply()));
    expect(await act({ action: "bill_page", id: photo, of: lucas })).toMatchObject({ status: 409 });
  });
});

describe("whether the bill has come", () => {
  it("a file that turns out to be none takes the mark back, and the ask that it withdrew returns", async () => {
    await call("one");
    const id = await db.store(MARIA);
    expect(await asks()).toEqual([{ status: "cancelled", error_code: "bill_already_received" }]);
    expect(await db.billAt()).not.toBeNull();
    const claimed = await db.claim();
    await db.settle(claimed ?? never(), reading("not_a_bill", "identity"));
    expect(await db.billAt()).toBeNull();
    expect(await asks()).toEqual([{ status: "queued", error_code: null }]);
    // A person knows better, and a bill it is.
    expect(await act({ action: "bill_correct", id, supplies: [{ pod: "IT001E12345678" }] })).toMatchObject({
      status: 200,
    });
    expect(await db.billAt()).not.toBeNull();
    expect(await asks()).toEqual([{ status: "cancelled", error_code: "bill_already_received" }]);
  });

  it("not if another file counts, if staff set the mark, or if the call is too old", async () => {
    await call("one");
    await read(MARIA, reading("needs_eyes", null, [], "too_little"), { ago: "1 day" });
    await read(MARIA, reading("not_a_bill", "receipt"));
    expect(await db.billAt()).not.toBeNull();

    await call("two", LUCA, { call_start_time: new Date(Date.now() - 20 * 86_400_000).toISOString() });
    await world.query(
      "update public.whatsapp_messages set status = 'queued', cancelled_by = null, error_code = null where kind = 'ask' and phone_number = '+393330000002'",
    );
    await world.query(
      "update public.cloudtalk_calls set call_end_time = now() - interval '20 days' where phone_number = '+393330000002'",
    );
    await read(LUCA, reading("not_a_bill", "receipt"));
    expect(await asks()).not.toContainEqual({ status: "queued", error_code: null });
  });

  it("a mark of staff's stays", async () => {
    const id = await db.store(MARIA);
    const mark = (received: boolean) => act({ action: "bill", conversation_id: 1, received });
    await mark(false);
    await mark(true);
    await db.settle((await db.claim()) ?? never(), reading("not_a_bill", "receipt"));
    expect(await db.billAt()).not.toBeNull();
    expect(await db.waits(id)).toBe(false);
  });

  it("a file of before reading began revives no ask", async () => {
    await call("one");
    await db.store(MARIA);
    await world.query("update public.bills set backlog = true where backlog = false");
    await db.settle((await db.claim()) ?? never(), reading("not_a_bill", "receipt"));
    expect(await db.billAt()).toBeNull();
    expect(await asks()).toEqual([{ status: "cancelled", error_code: "bill_already_received" }]);
  });
});

describe("what staff do", () => {
  it("confirming and correcting: each field is checked, and says who", async () => {
    const id = await read(MARIA, bill(supply({ holder: "Rossi Mario", holder_id: "RSSMRA80A01H501U" }, false)));
    const hash = (await db.supplies(id))[0]?.holder_hash;
    expect(await act({ action: "bill_confirm", id })).toMatchObject({
      status: 200,
      body: { bill: { state: "read", confirmed_by: "Anna", waits: false } },
    });
    for (const wrong of [
      { pod: "IT12" },
      { kwh: "1980" },
      { kwh: -1 },
      { period_from: "2025-02-30" },
      { period_from: "2025-03-01", period_to: "2025-01-31" },
      { voltage: "AT" },
      { holder_id: "RSSMRA80A01H501X" },
      { holder_hash: "abc" },
      { months: [{ month: "2025-13", kwh: 1 }] },
    ]) {
      expect(await act({ action: "bill_correct", id, supplies: [wrong] }), JSON.stringify(wrong)).toMatchObject({
        status: 400,
        body: { error: { code: "invalid_action" } },
      });
    }
    const corrected = [
      { pod: "it 001 e 12345678 9", kwh: 2000.5, holder: "Rossi Mario", measured: false },
      { pod: "IT001E00000002", months: [{ month: "2025-01", kwh: 7 }] },
    ];
    expect(await act({ action: "bill_correct", id, supplies: corrected })).toMatchObject({ status: 200 });
    const [first, second] = await db.supplies(id);
    expect(first).toMatchObject({ pod: "IT001E12345678", kwh: 2000.5, period_from: null, holder_hash: hash });
    expect(first?.evidence.kwh).toMatchObject({ value: 2000.5, rule: "staff", sure: true, by: "Anna", unit: "kWh" });
    expect(first?.evidence.pod).toMatchObject({ rule: "staff", sure: true, quote: "pod: IT001E12345678" });
    expect(first?.evidence).not.toHaveProperty("period_from");
    expect(second?.evidence).toHaveProperty("months");
    expect(await world.query("select who, action from public.staff_actions order by id")).toEqual([
      { who: "Anna", action: "bill_confirm" },
      { who: "Anna", action: "bill_correct" },
    ]);
  });

  it("rejecting removes what it said; of what could not be fetched too", async () => {
    const id = await read(MARIA, bill(supply()));
    expect(await act({ action: "bill_reject", id })).toMatchObject({
      body: { bill: { state: "not_a_bill", supplies: [] } },
    });
    const [row] = await world.query<{ id: number }>(
      `insert into public.whatsapp_messages (direction, kind, status, phone_number, type, media, media_state, media_error)
       values ('incoming', 'incoming', 'received', '${MARIA}', 'image', '{}', 'failed', 'gone') returning id::int`,
    );
    const lost = row?.id ?? 0;
    expect(await db.waits(lost)).toBe(true);
    expect(await act({ action: "bill_confirm", id: lost })).toMatchObject({ status: 409 });
    expect(await act({ action: "bill_reject", id: lost })).toMatchObject({ status: 200 });
    expect(await db.waits(lost)).toBe(false);
    expect(await db.billAt()).toBeNull();
    expect(await act({ action: "bill_reject", id: 999 })).toMatchObject({ status: 404 });
  });

  it("a confirmed year fills the calls for which CloudTalk gave none", async () => {
    await call("one");
    await call("two", MARIA, { annual_consumption_kwh: 5 });
    const id = await read(MARIA, bill(supply({ annual_kwh: 12_000 })));
    const second = await read(
      MARIA,
      bill(supply({ pod: "IT001E00000002", annual_kwh: 3_000, invoice_number: "F-2" })),
      { ago: "1 day" },
    );
    const years = () =>
      world.query("select call_uuid, annual_consumption_kwh as kwh from public.cloudtalk_calls order by id");
    expect(await years()).toEqual([
      { call_uuid: "one", kwh: null },
      { call_uuid: "two", kwh: 5 },
    ]);
    await act({ action: "bill_confirm", id });
    await act({ action: "bill_confirm", id: second });
    await call("three");
    expect(await years()).toEqual([
      { call_uuid: "one", kwh: 15_000 },
      { call_uuid: "two", kwh: 5 },
      { call_uuid: "three", kwh: 15_000 },
    ]);
  });
});

describe("what other programs get", () => {
  const get = async (handler: typeof getBills, path: string) =>
    handler(new Request(`http://localhost${path}`, { headers: await world.signIn() }));

  it("the thread, the list to confirm and both exports have the bill", async () => {
    const id = await read(MARIA, bill(supply({}, false)));
    const thread = await (await get(getConversations, "/api/conversations?id=1")).json();
    expect(thread.messages[0].bill).toMatchObject({
      message_id: id,
      state: "read",
      kind: "electricity",
      page_of: null,
      supplies: [{ pod: "IT001E12345678", kwh: 1980, period_from: "2025-01-01", evidence: { kwh: { sure: false } } }],
    });
    expect(await (await get(getBills, "/api/bills")).json()).toMatchObject({
      bills: [{ message: { id, bill: { state: "read" } }, conversation: { phone_number: MARIA } }],
      next: null,
    });
    const [head, line] = (await (await get(getBills, "/api/bills?format=csv")).text()).split("\r\n");
    expect(head).toContain('"pod";"period_from";"period_to";"kwh"');
    expect(line).toContain('"IT001E12345678";"2025-01-01";"2025-02-28";"1980"');
    expect(await (await get(getConversations, "/api/conversations?format=csv")).text()).toContain(
      "Enel Energia · POD IT001E12345678 · 2025-01-01 – 2025-02-28 · 1980 kWh (?)",
    );
    await act({ action: "bill_confirm", id });
    expect(await (await get(getBills, "/api/bills")).json()).toMatchObject({ bills: [] });
  });

  it("quotes go with the file, values stay", async () => {
    const id = await read(MARIA, bill(supply()));
    await world.query(`select public.forget_media(array[${id}])`);
    const [kept] = await db.supplies(id);
    expect(kept).toMatchObject({ kwh: 1980 });
    expect(kept?.evidence.kwh).toMatchObject({ value: 1980, quote: "", box: null });
    expect(await db.billAt()).not.toBeNull();
  });

  it("the reader's endpoint wants the clock's secret, and says what it did", async () => {
    process.env.CRON_SECRET = "tick";
    try {
      expect((await ringReader(jsonRequest("/api/read-bills", {}))).status).toBe(401);
      const rung = await ringReader(jsonRequest("/api/read-bills", {}, { authorization: "Bearer tick" }));
      expect(await rung.json()).toEqual({ success: true, read: 0, busy: false });
    } finally {
      delete process.env.CRON_SECRET;
    }
  });
});

function never(): never {
  throw new Error("nothing was due");
}
