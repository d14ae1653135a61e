import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Customer, twoMonthly } from "../helpers/cases.ts";
import { claimBy, terms } from "../helpers/contact.ts";
import { ASK, ended } from "../helpers/surface.ts";
import { createWorld, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const NAMES_THEM =
  "Grazie, abbiamo ricevuto gennaio–agosto 2025 per il POD …5678. Mancano settembre, ottobre, novembre e dicembre.";
let calls = 0;
/** A call has ended: why its customer is asked, or is not. */
async function ends(c: Customer, ask: object = {}): Promise<string> {
  const [row] = await world.query<{ answer: { call: { reason: string } } }>(
    ended({ call_uuid: `call ${++calls}`, phone_number: c.phone }, ask),
  );
  return row?.answer.call.reason ?? "no answer";
}
const sent = async () => (await claimBy(world)).message;
const asks = () =>
  world.query<{ status: string; error_code: string | null }>(
    "select status, error_code from public.whatsapp_messages where kind = 'ask' order by id",
  );
async function sendsUntilAugust(c: Customer): Promise<void> {
  for (const bill of twoMonthly().slice(0, 4)) await c.sends([bill]);
}
const act = (action: string, id: number) => world.query(`select public.act_on_bill('${action}', ${id})`);

describe("a later call", () => {
  it("of somebody who sent nothing is asked by the first text", async () => {
    const c = await Customer.make(world);
    expect(await ends(c)).toBe("eligible");
    expect(await sent()).toMatchObject({ kind: "ask", text: ASK });
  });

  it("of somebody who sent nothing, also if staff know the POD", async () => {
    const c = await Customer.make(world);
    await c.does("case_pod_add", { p_pod: c.pod() });
    expect(await ends(c)).toBe("eligible");
    expect(await sent()).toMatchObject({ text: ASK });
  });

  it("is asked for the months that are missing, by name", async () => {
    const c = await Customer.make(world);
    await sendsUntilAugust(c);
    expect(await ends(c)).toBe("eligible");
    expect(await sent()).toMatchObject({ kind: "ask", text: NAMES_THEM });
  });

  it("is asked for what is missing when the message is sent, not when the call ended", async () => {
    const c = await Customer.make(world);
    await c.sends([twoMonthly()[0] ?? {}]);
    expect(await ends(c)).toBe("eligible");
    // As if these had been read before, and nothing withdrew the ask.
    for (const bill of twoMonthly().slice(1, 4)) await c.sends([bill]);
    await world.query(
      "update public.whatsapp_messages set status = 'queued', cancelled_by = null, error_code = null where kind = 'ask'",
    );
    expect(await sent()).toMatchObject({ text: NAMES_THEM });
  });

  it("is not asked when the case is complete, or declared so", async () => {
    const c = await Customer.make(world);
    await sendsUntilAugust(c);
    expect(await c.does("case_declare", { p_reason: "Non serve altro" })).toMatchObject({
      case: { state: "declared" },
    });
    expect(await ends(c, { after_bill: true })).toBe("case_complete");
    await c.does("case_reopen");
    for (const bill of twoMonthly().slice(4)) await c.sends([bill]);
    expect(await ends(c, { after_bill: true })).toBe("case_complete");
    expect(await asks()).toEqual([]);
  });

  it("is not asked while a file waits, whatever WHATSAPP_ASK_AFTER_BILL says", async () => {
    const c = await Customer.make(world);
    await sendsUntilAugust(c);
    const file = await c.sends([], { state: "needs_eyes", kind: null });
    expect(await ends(c, { after_bill: true })).toBe("bills_to_check");
    await act("bill_reject", file);
    expect(await ends(c)).toBe("eligible");
    expect(await sent()).toMatchObject({ text: NAMES_THEM });
  });

  it.each([
    ["nothing is missing, and not all of it counts yet", { ...twoMonthly()[5], unsure: ["period_to"] }, true],
    ["a bill's POD is not sure", { ...twoMonthly()[4], pod: "IT001E99999999", unsure: ["pod"] }, false],
    ["a bill has no POD", { ...twoMonthly()[4], pod: null }, false],
  ])("is not asked if %s", async (_, said, five) => {
    const c = await Customer.make(world);
    await sendsUntilAugust(c);
    if (five) await c.sends([twoMonthly()[4] ?? {}]);
    await c.sends([said]);
    expect(await ends(c)).toBe("bills_to_check");
  });

  it("is not asked if bills have come of which nobody knows the POD; WHATSAPP_ASK_AFTER_BILL lifts that", async () => {
    const [marked, unknown] = [await Customer.make(world), await Customer.make(world)];
    await world.query(`select public.act_on_conversation('bill_set', ${marked.id})`);
    await unknown.sends([{ ...twoMonthly()[0], pod: null }]);
    for (const c of [marked, unknown]) {
      expect(await ends(c)).toBe("bill_already_received");
      expect(await ends(c, { after_bill: true })).toBe("eligible");
    }
  });

  it("is told no by the first reason that applies", async () => {
    const c = await Customer.make(world);
    await sendsUntilAugust(c);
    const late = { within_hours: 0, heard_at: "2026-01-01T00:00:00Z" };
    expect(await ends(c, late)).toBe("too_old");
    await c.sends([], { state: "waiting" });
    expect(await ends(c, late)).toBe("bills_to_check");
    await c.does("case_declare", { p_reason: "x" });
    expect(await ends(c, late)).toBe("case_complete");
    await world.query(`update public.conversations set objected_at = now() where id = ${c.id}`);
    expect(await ends(c, late)).toBe("objection");
  });
});

describe("an ask that waits", () => {
  it("does not go once the case is complete", async () => {
    const c = await Customer.make(world);
    await sendsUntilAugust(c);
    await ends(c);
    await c.does("case_declare", { p_reason: "Non serve altro" });
    const [row] = await world.query<{ hold: string }>(
      "select private.feed_message(m) #>> '{hold,reason}' as hold from public.whatsapp_messages m where kind = 'ask'",
    );
    expect(row?.hold).toBe("case");
    expect(await sent()).toBeUndefined();
    expect(await asks()).toEqual([{ status: "cancelled", error_code: "case_complete" }]);
  });

  it("returns when the file that withdrew it is rejected", async () => {
    const c = await Customer.make(world);
    await ends(c);
    const file = await c.sends([twoMonthly()[0] ?? {}]);
    expect(await asks()).toEqual([{ status: "cancelled", error_code: "bill_already_received" }]);
    await act("bill_reject", file);
    expect(await sent()).toMatchObject({ kind: "ask", text: ASK });
  });

  it("returns also if the file was why it did not go when its turn came", async () => {
    const c = await Customer.make(world);
    await ends(c);
    const file = await c.sends([], { state: "waiting" });
    await world.query(
      "update public.whatsapp_messages set status = 'queued', cancelled_by = null, error_code = null where kind = 'ask'",
    );
    expect((await claimBy(world, terms({ ask: { ...terms().ask, after_bill: true } }))).message).toBeUndefined();
    expect(await asks()).toEqual([{ status: "cancelled", error_code: "bills_to_check" }]);
    await act("bill_reject", file);
    expect(await asks()).toEqual([{ status: "queued", error_code: null }]);
  });
});
