import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, claim, ended, incoming, webhook } from "../helpers/surface.ts";
import { createWorld, type World } from "../helpers/world.ts";

const MARIA = "+393330000001";
const LUCA = "+393330000002";
const LID = "98700000000001@lid";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const asks = () =>
  world.query<{ phone_number: string; status: string; error_code: string | null }>(
    "select phone_number, status, error_code from public.whatsapp_messages where kind = 'ask' order by id",
  );
const mark = (action: "bill_set" | "bill_unset", address = MARIA) =>
  world.query(
    `select public.act_on_conversation('${action}', conversation_id) from public.conversation_numbers where address = '${address}'`,
  );
/** A photo from the customer, fetched and stored. */
async function sendsBill(id: string, from: { phone?: string; lid?: string }) {
  const media = { url: "https://mmg.whatsapp.net/x", mediaKey: "k" };
  await world.query(webhook(incoming(id, from, { type: "image", text: null, media })));
  const [row] = await world.query<{ answer: { message: { id: number; lease_token: string } } }>(
    call("claim_media", { p_lease_ms: 60_000, p_max_attempts: 5 }),
  );
  const { id: message, lease_token } = row?.answer.message ?? {};
  await world.query(
    call("settle_media", {
      p_message_id: message,
      p_lease_token: lease_token,
      p_outcome: "stored",
      p_detail: { path: `${id}.jpg`, mime_type: "image/jpeg", size: 1 },
    }),
  );
}
const WITHDRAWN = { status: "cancelled", error_code: "bill_already_received" };
const SUPERSEDED = { status: "cancelled", error_code: "superseded" };
const WAITS = { status: "queued", error_code: null };

describe("asks that wait", () => {
  beforeEach(async () => {
    await world.query(ended({ call_uuid: "a", phone_number: MARIA }));
    await world.query(ended({ call_uuid: "b", phone_number: MARIA }));
    await world.query(ended({ call_uuid: "c", phone_number: LUCA }));
    // Both of one customer's wait, as if two customers had turned out to be one.
    await world.query(
      "update public.whatsapp_messages set status = 'queued', cancelled_by = null, error_code = null where error_code = 'superseded'",
    );
  });

  it("are withdrawn when the customer's bill is stored, all of them, and nobody else's", async () => {
    await sendsBill("A", { phone: MARIA });
    expect(await asks()).toMatchObject([WITHDRAWN, WITHDRAWN, WAITS]);
  });

  it("are withdrawn when staff mark the bill; what staff wrote is sent all the same", async () => {
    await world.query(
      call("act_on_conversation", {
        p_action: "reply",
        p_conversation_id: 1,
        p_text: "Grazie!",
        p_client_id: crypto.randomUUID(),
      }),
    );
    await mark("bill_set");
    expect(await asks()).toMatchObject([WITHDRAWN, WITHDRAWN, WAITS]);
    expect(await world.query(claim())).toMatchObject([{ answer: { message: { text: "Grazie!" } } }]);
  });

  it("wait on while the customer has only written", async () => {
    await world.query(webhook(incoming("A", { phone: MARIA })));
    expect(await asks()).toMatchObject([WAITS, WAITS, WAITS]);
  });

  it.each([
    ["Wasender's answer", call("record_lid", { p_lid: LID, p_phone_number: MARIA })],
    ["a message by both", webhook(incoming("B", { lid: LID, phone: MARIA }))],
  ])("are withdrawn when a LID whose bill is stored turns out to be the customer's by %s", async (_, telling) => {
    await sendsBill("A", { lid: LID });
    expect(await asks()).toMatchObject([WAITS, WAITS, WAITS]);
    await world.query(telling);
    expect(await asks()).toMatchObject([WITHDRAWN, WITHDRAWN, WAITS]);
  });

  it.each([
    ["the one who waits to be asked", LUCA, MARIA],
    ["the one whose bill has come", MARIA, LUCA],
  ])(
    "are withdrawn when two numbers turn out to be one customer's, the LID known first as that of %s",
    async (_, first, second) => {
      await sendsBill("A", { phone: MARIA });
      await world.query(webhook(incoming("B", { lid: LID, phone: first })));
      await world.query(webhook(incoming("C", { lid: LID, phone: second })));
      expect(await asks()).toMatchObject([WITHDRAWN, WITHDRAWN, WITHDRAWN]);
    },
  );

  it("stay withdrawn, whatever the call's webhooks repeat or add", async () => {
    await mark("bill_set");
    for (const more of [{}, { talking_time: 60 }, { talked: false }, { talked: true }]) {
      await world.query(ended({ call_uuid: "a", phone_number: MARIA, ...more }));
    }
    expect(await asks()).toMatchObject([WITHDRAWN, WITHDRAWN, WAITS]);
  });

  it("wait again when the mark is taken away within a day", async () => {
    await mark("bill_set");
    await mark("bill_unset");
    expect(await asks()).toMatchObject([WAITS, WAITS, WAITS]);
    // The next bill withdraws them anew.
    await sendsBill("A", { phone: MARIA });
    expect(await asks()).toMatchObject([WITHDRAWN, WITHDRAWN, WAITS]);
  });

  it("stay withdrawn when it is taken away later", async () => {
    await mark("bill_set");
    await world.query("update public.whatsapp_messages set created_at = now() - interval '25 hours'");
    await mark("bill_unset");
    expect(await asks()).toMatchObject([WITHDRAWN, WITHDRAWN, WAITS]);
  });

  it("stay withdrawn when it is taken away, if they were so for another reason", async () => {
    await world.query(ended({ call_uuid: "a", phone_number: MARIA, talked: false }));
    await world.query(ended({ call_uuid: "b", phone_number: MARIA, electricity_bill_received: true }));
    const before = await asks();
    expect(before).toMatchObject([{ error_code: "nobody_talked" }, WITHDRAWN, WAITS]);
    await mark("bill_set");
    await mark("bill_unset");
    expect(await asks()).toEqual(before);
  });

  it("wait again once each, also if the call had taken back one before", async () => {
    await world.query(ended({ call_uuid: "a", phone_number: MARIA, electricity_bill_received: true }));
    await world.query(ended({ call_uuid: "a", phone_number: MARIA, electricity_bill_received: false }));
    expect(await asks()).toMatchObject([WITHDRAWN, SUPERSEDED, WAITS, WAITS]);
    await mark("bill_set");
    await mark("bill_unset");
    expect(await asks()).toMatchObject([WITHDRAWN, SUPERSEDED, WAITS, WAITS]);
  });
});

it("a call after the bill gets no ask, and gets one after the mark was taken away", async () => {
  await sendsBill("A", { phone: MARIA });
  expect(await world.query(ended({ call_uuid: "a", phone_number: MARIA }))).toMatchObject([
    { answer: { call: { should_send: false, reason: "bills_to_check" }, message: null } },
  ]);
  await mark("bill_unset");
  expect(await world.query(ended({ call_uuid: "b", phone_number: MARIA }))).toMatchObject([
    { answer: { call: { reason: "eligible" }, message: { status: "queued" } } },
  ]);
});
