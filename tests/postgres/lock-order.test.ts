import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSession, type Session } from "../helpers/session.ts";
import { call, echo, incoming, webhook } from "../helpers/surface.ts";
import { newStage, perform } from "../helpers/walk/stage.ts";
import { walk } from "../helpers/walk/step.ts";
import { createWorld, type World } from "../helpers/world.ts";

const PHONE = "+393330000001";
const LID = "98700000000001@lid";
const CONNECTIONS = 8;
const ROUNDS = Number(process.env.ROUNDS ?? 15);

let world: World;
const sessions: Session[] = [];
beforeAll(async () => {
  world = await createWorld();
  for (let n = 0; n < CONNECTIONS; n++) sessions.push(await openSession(world));
});
afterAll(async () => {
  for (const session of sessions) await session.close();
  await world.close();
});

const deadlocks = async () => {
  // What a connection has counted is told when it is idle for a moment.
  await world.query("select pg_stat_force_next_flush()");
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const [row] = await world.query<{ n: number }>(
    "select deadlocks::int as n from pg_stat_database where datname = current_database()",
  );
  return row?.n;
};

it("whoever is at work on the same few customers, no two wait for each other", async () => {
  const refused: string[] = [];
  const seed = Number(process.env.WALK_SEED ?? Math.floor(Math.random() * 2 ** 31));
  for (let round = 0; round < ROUNDS; round++) {
    const stage = newStage();
    const steps = fc.sample(walk(1), { numRuns: CONNECTIONS, seed: seed + round }).map((one) => one.flat());
    // Each connection goes its own way, as fast as it can, and all of them are about the same three customers.
    await Promise.all(
      sessions.map(async (session, n) => {
        for (const step of steps[n] ?? []) {
          await perform(stage, session, step).catch((error: { code?: string }) => {
            refused.push(`${error.code} ${step.do}: ${error}`);
          });
        }
      }),
    );
  }
  // Two that made the same row at once are told so, and the second tries again (lib/supabase/client.ts).
  expect(
    refused.filter((why) => !why.startsWith("23505")),
    `WALK_SEED=${seed}`,
  ).toEqual([]);
  expect(await deadlocks()).toBe(0);
}, 3_600_000);

it("those who wait for a customer who meanwhile becomes part of another one do not wait for each other", async () => {
  const [joining, telling, storing, looking] = sessions;
  if (!joining || !telling || !storing || !looking) throw new Error("no sessions");
  // Who is first at what the others wait for as well is chance.
  for (let n = 0; n < 20; n++) {
    await world.reset();
    await world.query(
      `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, wasender_id)
       values ('outgoing', 'reply', 'sent', '${PHONE}', 'Buongiorno', 'w')`,
    );
    await world.query(webhook(echo("W", { lid: LID }, "Buongiorno")));
    await world.query(webhook(incoming("A", { lid: LID }, { type: "image", media: { mediaKey: "k" } })));
    const [file] = await world.query<{ answer: { message: { id: number; lease_token: string } } }>(
      call("claim_media", { p_lease_ms: 60_000, p_max_attempts: 5 }),
    );
    await joining.hold(call("record_message_info", { p_wasender_id: "w", p_whatsapp_id: "W", p_status: "sent" }));
    const waiting = [
      () => telling.start(call("record_lid", { p_lid: LID, p_phone_number: PHONE })),
      () =>
        storing.start(
          call("settle_media", {
            p_message_id: file?.answer.message.id,
            p_lease_token: file?.answer.message.lease_token,
            p_outcome: "stored",
            p_detail: { path: "a.jpg", mime_type: "image/jpeg", size: 1 },
          }),
        ),
    ];
    if (n % 2 === 1) waiting.reverse();
    const started = [];
    for (const start of waiting) started.push(await start());
    expect(started.map(({ waits }) => waits)).toEqual([true, true]);
    // Keeps the one who stores the file between its customer and its message, until both are at work.
    await looking.run("begin");
    const held = await looking.start(`select from public.whatsapp_messages where whatsapp_id = 'A' for update`);
    await joining.commit();
    await held.done;
    for (const session of [telling, storing]) await session.rest();
    await looking.commit();
    await Promise.all(started.map(({ done }) => done));
    expect(await world.query("select state from public.conversations where merged_into is null")).toEqual([
      { state: "bill" },
    ]);
  }
});

it("who follows a customer into an older one takes that one in its turn, before those that are older still", async () => {
  const [youngest, following, older] = sessions;
  if (!youngest || !following || !older) throw new Error("no sessions");
  await world.reset();
  for (let n = 0; n < 4; n++) await world.query("insert into public.conversations default values");
  await youngest.hold("select private.lock_customers('{}', '{4}')");
  const all = await following.start("select private.lock_customers('{}', '{4,3,1}')");
  expect(all.waits).toBe(true);
  await world.query("select private.merge_customers(3, 2)");
  await older.hold("select private.lock_customers('{}', '{2}')");
  await youngest.commit();
  // It waits for the second customer, and does not hold the first one yet.
  expect(await following.rest()).toBe(true);
  await older.run("select private.lock_customers('{}', '{1}')");
  await older.commit();
  await all.done;
});
