import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ASK, call, claim, echo, ended, settle, state, webhook } from "../helpers/surface.ts";
import { createWorld, type World } from "../helpers/world.ts";

const PHONE = "+393330000001";
const CALL = { call_uuid: "a", phone_number: PHONE };

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

/** Takes the next message, and gives its lease. */
async function take(): Promise<string> {
  const [row] = await world.query<{ answer: { message?: { lease_token: string } } }>(claim());
  if (!row?.answer.message) throw new Error("nothing to claim");
  return row.answer.message.lease_token;
}
const nothingToSend = async () =>
  expect(await world.query(claim())).toMatchObject([{ answer: { idle: expect.stringMatching(/empty|paused/) } }]);
/** The function that had it is dead. */
const leaseEnds = async () => {
  await world.query(
    "update public.whatsapp_messages set lease_until = now() - interval '1 s' where status = 'sending'",
  );
  await world.query(claim());
};
const act = (action: string, status: string) =>
  world.query(`select public.act_on_message('${action}', id) from public.whatsapp_messages where status = '${status}'`);
const asks = () =>
  world.query<{ status: string; call_id: string | null; error_code: string | null }>(
    "select status, call_id, error_code from public.whatsapp_messages where kind = 'ask' order by id",
  );
/** The call's webhooks come again, as they were and with other facts. */
const callAgain = async () => {
  for (const more of [{}, { talking_time: 7 }, { talked: false }, { talked: true }, { agent_name: "Samuela" }]) {
    await world.query(ended({ ...CALL, ...more }));
  }
};

describe("a send that turns out to have been taken", () => {
  it.each([
    ["its lease had ended", async () => undefined],
    ["staff gave it up", () => act("give_up", "unknown")],
    ["staff have it sent again, and it waits", () => act("resend", "unknown")],
    [
      "staff had it sent again, and cancelled that",
      async () => {
        await act("resend", "unknown");
        await act("cancel", "queued");
      },
    ],
    [
      "it was to be sent again, and the bill came",
      async () => {
        await act("resend", "unknown");
        await world.query(call("act_on_conversation", { p_action: "bill_set", p_conversation_id: 1 }));
      },
    ],
  ])("after %s is sent, and is not sent again", async (_, since) => {
    await world.query(ended(CALL));
    const token = await take();
    await leaseEnds();
    await since();
    await world.query(settle(token, "sent", { wasender_id: "1" }));
    expect(await asks()).toMatchObject([{ status: "sent", error_code: null }]);
    await nothingToSend();
    await callAgain();
    expect(await asks()).toHaveLength(1);
  });

  it.each([
    ["its echo", webhook(echo("W", { phone: PHONE }, ASK))],
    [
      "Wasender's log",
      call("record_log", {
        p_entries: [
          {
            wasender_id: "1",
            phone_number: PHONE,
            text: ASK,
            status: "sent",
            error: null,
            created_at: new Date().toISOString(),
          },
        ],
      }),
    ],
  ])("by %s, after staff gave it up, is shown once, as sent", async (_, evidence) => {
    await world.query(ended(CALL));
    await world.query(settle(await take(), "unknown"));
    await act("give_up", "unknown");
    await world.query(evidence);
    expect(await world.query("select kind, status from public.whatsapp_messages")).toEqual([
      { kind: "ask", status: "sent" },
    ]);
  });

  it("while its second attempt is under way keeps the first one's id, whatever the second one says", async () => {
    await world.query(ended(CALL));
    const first = await take();
    await leaseEnds();
    await act("resend", "unknown");
    const second = await take();
    await world.query(settle(first, "sent", { wasender_id: "1" }));
    await world.query(settle(second, "not_sent", { max_attempts: 60, retry_ms: 0 }));
    expect(await asks()).toMatchObject([{ status: "sent" }]);
    await nothingToSend();
    expect(await world.query("select outcome from public.whatsapp_attempts order by id")).toEqual([
      { outcome: "sent" },
      { outcome: "not_sent" },
    ]);
  });

  it("does not become unsent by what comes later still", async () => {
    await world.query(ended(CALL));
    const token = await take();
    await world.query(settle(token, "sent", { wasender_id: "1" }));
    await world.query(webhook(state("read", "W", "1")));
    for (const outcome of ["unknown", "not_sent", "rate_limited", "refused"]) await world.query(settle(token, outcome));
    expect(await asks()).toMatchObject([{ status: "read" }]);
  });
});

describe("an ask that was withdrawn and turns out to have been sent", () => {
  /** Its first attempt is unknown, a second one waits; the call takes it back, and then wants another one. */
  async function withdrawnAndAskedAnew(): Promise<string> {
    await world.query(ended(CALL));
    const token = await take();
    await leaseEnds();
    await act("resend", "unknown");
    await world.query(ended({ ...CALL, talked: false }));
    await world.query(ended({ ...CALL, talked: true }));
    expect(await asks()).toMatchObject([{ status: "cancelled" }, { status: "queued" }]);
    return token;
  }

  it("takes back the other one of its call that still waits", async () => {
    const token = await withdrawnAndAskedAnew();
    await world.query(settle(token, "sent", { wasender_id: "1" }));
    expect(await asks()).toMatchObject([{ status: "sent" }, { status: "cancelled", error_code: "duplicate_call" }]);
    await nothingToSend();
    await callAgain();
    expect(await asks()).toHaveLength(2);
  });

  it("leaves the call the other one, if that has left too", async () => {
    const token = await withdrawnAndAskedAnew();
    const other = await take();
    await world.query(settle(token, "sent", { wasender_id: "1" }));
    await world.query(settle(other, "sent", { wasender_id: "2" }));
    expect(await asks()).toMatchObject([
      { status: "sent", call_id: null },
      { status: "sent", call_id: expect.anything() },
    ]);
    await callAgain();
    expect(await asks()).toHaveLength(2);
    await nothingToSend();
  });
});

it("two rows that turn out to be one call have one ask: the one that has left", async () => {
  await world.query(
    ended({ call_id: "7", phone_number: PHONE, call_start_time: new Date(Date.now() - 5 * 3_600_000).toISOString() }),
  );
  await world.query(settle(await take(), "sent", { wasender_id: "1" }));
  await world.query(ended({ ...CALL, call_start_time: new Date().toISOString() }));
  expect(await asks()).toMatchObject([{ status: "sent" }, { status: "queued" }]);
  await world.query(ended({ ...CALL, call_id: "7" }));
  expect(await asks()).toMatchObject([{ status: "sent" }, { status: "cancelled", error_code: "duplicate_call" }]);
  await nothingToSend();
  await callAgain();
  expect(await asks()).toHaveLength(2);
});
