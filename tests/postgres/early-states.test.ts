import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSession, type Session } from "../helpers/session.ts";
import { call, claim, echo, settle, state, webhook } from "../helpers/surface.ts";
import { createWorld, type World } from "../helpers/world.ts";

let world: World;
let one: Session;
let two: Session;
beforeAll(async () => {
  world = await createWorld();
  one = await openSession(world);
  two = await openSession(world);
});
afterAll(async () => {
  await one.close();
  await two.close();
  await world.close();
});

type Sent = { id: string; phone: string; text: string; token: string; W: string; w: string };
let n = 0;

/** A message that Wasender is just being given, and the ids that it will have there (w) and at WhatsApp (W). */
async function sending(): Promise<Sent> {
  const phone = `+39333${String(++n).padStart(7, "0")}`;
  const text = `Buongiorno ${n}`;
  await world.query(
    `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at)
     values ('outgoing', 'reply', 'queued', '${phone}', '${text}', now())`,
  );
  const [row] = await world.query<{ answer: { message: { id: string; lease_token: string } } }>(claim());
  if (!row?.answer.message) throw new Error("nothing was claimed");
  const { id, lease_token } = row.answer.message;
  return { id, phone, text, token: lease_token, W: `W${n}`, w: `w${n}` };
}

/** What joins a message to WhatsApp's id for it, each with what must have come before. */
const JOINS: Record<string, { before: (m: Sent) => string[]; join: (m: Sent) => string }> = {
  "Wasender's answer which WhatsApp id it has": {
    before: (m) => [settle(m.token, "sent", { wasender_id: m.w })],
    join: (m) => call("record_message_info", { p_wasender_id: m.w, p_whatsapp_id: m.W, p_status: "sent" }),
  },
  "its echo": {
    before: (m) => [settle(m.token, "sent", { wasender_id: m.w })],
    join: (m) => webhook(echo(m.W, { phone: m.phone }, m.text)),
  },
  "its echo with both ids": {
    before: (m) => [settle(m.token, "sent", { wasender_id: m.w })],
    join: (m) => webhook(echo(m.W, { phone: m.phone }, m.text, { wasender_id: m.w })),
  },
  "a state with both ids": {
    before: (m) => [settle(m.token, "sent", { wasender_id: m.w })],
    join: (m) => webhook(state("sent", m.W, m.w)),
  },
  "the answer to the send, after a state with both ids": {
    before: (m) => [webhook(state("sent", m.W, m.w))],
    join: (m) => settle(m.token, "sent", { wasender_id: m.w }),
  },
  "Wasender's log, after a state with both ids": {
    before: (m) => [settle(m.token, "unknown"), webhook(state("sent", m.W, m.w))],
    join: (m) =>
      call("record_log", {
        p_entries: [
          {
            wasender_id: m.w,
            phone_number: m.phone,
            text: m.text,
            status: "sent",
            error: null,
            created_at: new Date().toISOString(),
          },
        ],
      }),
  },
};

describe.each(Object.entries(JOINS))("a state that is recorded at the same moment as %s", (_, { before, join }) => {
  it.each(["the state", "the join"])("reaches the message; %s was first", async (first) => {
    const message = await sending();
    for (const sql of before(message)) await world.query(sql);
    const steps = [webhook(state("read", message.W)), join(message)];
    if (first === "the join") steps.reverse();
    await one.hold(steps[0] ?? "");
    const other = await two.start(steps[1] ?? "");
    await one.commit();
    await other.done;
    expect(
      await world.query(
        `select status, whatsapp_id, wasender_id from public.whatsapp_messages where phone_number = '${message.phone}'`,
      ),
    ).toEqual([{ status: "read", whatsapp_id: message.W, wasender_id: message.w }]);
    expect(await world.query(`select * from public.whatsapp_receipts where whatsapp_id = '${message.W}'`)).toEqual([]);
  });
});
