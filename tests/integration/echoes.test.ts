import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ASK, call, claim, echo, ended, incoming, settle, state, webhook } from "../helpers/surface.ts";
import { createWorld, type World } from "../helpers/world.ts";

const LID = "98700000000001@lid";
const MARIA = "+393330000001";
const LUCA = "+393330000002";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

/** A call, and its ask, which is being sent. Gives the claim's token. */
async function asking(phone: string): Promise<string> {
  await world.query(ended({ call_uuid: `call of ${phone}`, phone_number: phone }));
  const [row] = await world.query<{ answer: { message: { lease_token: string } } }>(claim());
  return row?.answer.message.lease_token ?? "";
}
/** The same, and Wasender has taken it under this id. */
async function asked(phone: string, wasenderId: string): Promise<void> {
  await world.query(settle(await asking(phone), "sent", { wasender_id: wasenderId }));
}
const act = (action: string) =>
  world.query(`select public.act_on_message('${action}', id) from public.whatsapp_messages`);
const thread = (address: string) =>
  world.query<{ kind: string; status: string; text: string; whatsapp_id: string; phone_number: string }>(
    `select kind, status, text, whatsapp_id, phone_number from public.whatsapp_messages
      where conversation_id = (select conversation_id from public.conversation_numbers where address = '${address}') order by id`,
  );
const stateOf = async (address: string) =>
  (
    await world.query<{ state: string }>(
      `select state from public.conversations
        where id = (select conversation_id from public.conversation_numbers where address = '${address}')`,
    )
  )[0]?.state;
const numberOf = async (lid: string) =>
  (
    await world.query<{ n: string | null }>(`select phone_number as n from public.whatsapp_lids where lid = '${lid}'`)
  )[0]?.n;

describe("the echo of our message under a LID that nobody knows", () => {
  it.each([
    ["is being sent", (token: string) => [`select '${token}'`]],
    ["was taken by Wasender", (token: string) => [settle(token, "sent", { wasender_id: "1" })]],
    ["may have been sent", (token: string) => [settle(token, "unknown")]],
  ])("joins the only message with these words that %s, and tells whose LID it is", async (_, became) => {
    for (const sql of became(await asking(MARIA))) await world.query(sql);
    await world.query(webhook(echo("WA1", { lid: LID }, ASK)));
    expect(await thread(MARIA)).toMatchObject([{ kind: "ask", status: "sent", whatsapp_id: "WA1" }]);
    expect(await thread(LID)).toEqual(await thread(MARIA));
    expect(await numberOf(LID)).toBe(MARIA);
    // From now on the LID alone is enough.
    await world.query(webhook(incoming("WA2", { lid: LID })));
    expect(await thread(MARIA)).toMatchObject([{ kind: "ask" }, { kind: "incoming", phone_number: MARIA }]);
    expect(await stateOf(MARIA)).toBe("answered");
  });

  it.each(["give_up", "resend"])("joins one that may have been sent even after staff chose %s", async (action) => {
    await world.query(settle(await asking(MARIA), "unknown"));
    await act(action);
    await world.query(webhook(echo("WA1", { lid: LID }, ASK)));
    expect(await thread(MARIA)).toMatchObject([{ kind: "ask", status: "sent", whatsapp_id: "WA1" }]);
    expect(await numberOf(LID)).toBe(MARIA);
  });

  it("joins none with other words, and none that was never handed over", async () => {
    await asked(MARIA, "1");
    await world.query(ended({ call_uuid: "b", phone_number: LUCA }));
    await world.query("update public.whatsapp_messages set text = 'Altro' where phone_number = '+393330000002'");
    await world.query(webhook(echo("WA1", { lid: LID }, "Altro")));
    expect(await thread(MARIA)).toMatchObject([{ kind: "ask", whatsapp_id: null }]);
    expect(await thread(LUCA)).toMatchObject([{ kind: "ask", status: "queued", whatsapp_id: null }]);
    expect(await thread(LID)).toMatchObject([{ kind: "manual", text: "Altro", phone_number: null }]);
  });
});

describe("the echo of one of two messages with the same words", () => {
  beforeEach(async () => {
    await asked(MARIA, "1");
    await asked(LUCA, "2");
    await world.query(webhook(echo("WA2", { lid: LID }, ASK)));
    await world.query(webhook(state("delivered", "WA2")));
  });

  it("stays apart, in a conversation in which nobody has answered, and its number is asked for", async () => {
    expect(await thread(MARIA)).toMatchObject([{ status: "sent", whatsapp_id: null }]);
    expect(await thread(LUCA)).toMatchObject([{ status: "sent", whatsapp_id: null }]);
    expect(await thread(LID)).toMatchObject([{ kind: "manual", whatsapp_id: "WA2" }]);
    expect(await stateOf(LID)).toBe("waiting");
    expect(
      (await world.query<{ answer: { lids: string[] } }>(call("claim_chores", { p_limit: 3 })))[0]?.answer.lids,
    ).toEqual([LID]);
  });

  it.each([
    [
      "Wasender tells its WhatsApp id",
      call("record_message_info", { p_wasender_id: "2", p_whatsapp_id: "WA2", p_status: "sent" }),
    ],
    ["a state has both its ids", webhook(state("sent", "WA2", "2"))],
    ["Wasender tells whose LID it is", call("record_lid", { p_lid: LID, p_phone_number: LUCA })],
    ["the customer writes, by number and LID", webhook(incoming("WA3", { lid: LID, phone: LUCA }))],
  ])("is in the thread once, with its state, when %s", async (_, evidence) => {
    await world.query(evidence);
    const outgoing = (await thread(LUCA)).filter(({ kind }) => kind !== "incoming");
    expect(outgoing).toMatchObject([{ kind: "ask", status: "delivered", whatsapp_id: "WA2" }]);
    expect(await thread(LID)).toEqual(await thread(LUCA));
    expect(await numberOf(LID)).toBe(LUCA);
    expect(await thread(MARIA)).toMatchObject([{ kind: "ask", status: "sent", whatsapp_id: null }]);
    expect(await stateOf(LUCA)).toBe(outgoing.length === (await thread(LUCA)).length ? "waiting" : "answered");
  });
});

describe("of several messages to one number with the same words, an echo joins", () => {
  const whatsappIds = async () => (await thread(MARIA)).map(({ status, whatsapp_id }) => [status, whatsapp_id]);
  const earlier = (wasenderId: string) =>
    world.query(
      `update public.whatsapp_attempts set claimed_at = now() - interval '3 hours'
        where message_id in (select id from public.whatsapp_messages where wasender_id = '${wasenderId}' or status = 'cancelled')`,
    );

  it("the one that was sent at its time", async () => {
    await asked(MARIA, "1");
    await earlier("1");
    await world.query(ended({ call_uuid: "b", phone_number: MARIA }));
    await world.query(claim());
    await world.query(webhook(echo("WA2", { phone: MARIA }, ASK)));
    expect(await whatsappIds()).toEqual([
      ["sent", null],
      ["sent", "WA2"],
    ]);
    const at = new Date(Date.now() - 3 * 3_600_000).toISOString();
    await world.query(webhook(echo("WA1", { phone: MARIA }, ASK, { message_at: at })));
    expect(await whatsappIds()).toEqual([
      ["sent", "WA1"],
      ["sent", "WA2"],
    ]);
  });

  it("not one that staff gave up hours before", async () => {
    await world.query(settle(await asking(MARIA), "unknown"));
    await act("give_up");
    await earlier("");
    await world.query(ended({ call_uuid: "b", phone_number: MARIA }));
    const [row] = await world.query<{ answer: { message: { lease_token: string } } }>(claim());
    await world.query(settle(row?.answer.message.lease_token ?? "", "sent", { wasender_id: "2" }));
    await world.query(webhook(echo("WA2", { phone: MARIA }, ASK)));
    expect(await whatsappIds()).toEqual([
      ["cancelled", null],
      ["sent", "WA2"],
    ]);
  });
});

it("the echo of a message that was reported as failed by its number alone is no second message", async () => {
  await asked(MARIA, "1");
  await world.query(webhook({ kind: "send_failed", phone_number: MARIA, error: "Failed" }));
  await world.query(webhook(echo("WA1", { phone: MARIA }, ASK)));
  expect(await thread(MARIA)).toMatchObject([{ kind: "ask", status: "failed", whatsapp_id: "WA1" }]);
  // What WhatsApp says of it is surer.
  await world.query(webhook(state("delivered", "WA1")));
  expect(await thread(MARIA)).toMatchObject([{ status: "delivered" }]);
});

it("what was typed on the telephone under a LID is shown once its number is known, beside an ask of another day", async () => {
  await asked(MARIA, "1");
  await world.query("update public.whatsapp_attempts set claimed_at = now() - interval '1 day'");
  await world.query(webhook(echo("WA1", { lid: LID }, ASK)));
  await world.query(call("record_lid", { p_lid: LID, p_phone_number: MARIA }));
  expect(await thread(MARIA)).toMatchObject([
    { kind: "ask", whatsapp_id: null },
    { kind: "manual", whatsapp_id: "WA1" },
  ]);
});

it("an echo that has the number and the LID tells whose LID it is", async () => {
  await world.query(webhook(incoming("WA1", { lid: LID })));
  await world.query(webhook(echo("WA2", { lid: LID, phone: MARIA }, "Dal telefono")));
  expect(await thread(MARIA)).toMatchObject([
    { kind: "incoming", phone_number: MARIA },
    { kind: "manual", phone_number: MARIA },
  ]);
  expect(await numberOf(LID)).toBe(MARIA);
});

it("an echo with our message's id under another number shows that both numbers are one customer's", async () => {
  const [ours, theirs] = ["+525512345678", "+5215512345678"];
  await asked(ours, "1");
  await world.query(webhook(echo("WA1", { phone: theirs }, "Altro")));
  expect(await thread(theirs)).toMatchObject([{ kind: "manual" }]);
  await world.query(call("record_message_info", { p_wasender_id: "1", p_whatsapp_id: "WA1", p_status: "sent" }));
  expect(await thread(ours)).toMatchObject([{ kind: "ask", whatsapp_id: "WA1" }]);
  expect(await thread(theirs)).toEqual(await thread(ours));
  await world.query(webhook(incoming("WA2", { phone: theirs })));
  expect(await stateOf(ours)).toBe("answered");
});
