import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSession, type Session } from "../helpers/session.ts";
import { call } from "../helpers/surface.ts";
import { erase } from "../helpers/walk/erase.ts";
import { brokenRules } from "../helpers/walk/invariants.ts";
import { openPage } from "../helpers/walk/page.ts";
import { marks } from "../helpers/walk/person.ts";
import { newStage, perform, type Stage, settled, toldIds } from "../helpers/walk/stage.ts";
import { type Step, walk } from "../helpers/walk/step.ts";
import { createWorld, type World } from "../helpers/world.ts";

// WALKS=500 takes more of them; WALK_SEED and WALK_PATH take again the one that a failure has named.
const { WALKS = "25", WALK_SEED, WALK_PATH } = process.env;
const CONNECTIONS = 4;
const options = {
  numRuns: Number(WALKS),
  endOnFailure: true,
  ...(WALK_SEED ? { seed: Number(WALK_SEED) } : {}),
  ...(WALK_PATH ? { path: WALK_PATH } : {}),
};

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

/** Everything but what the migrations have put there is emptied, without what triggers would do about it: much faster than truncate. */
async function empty() {
  const tables = await world.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname in ('public', 'private')
        and c.relname not in ('message_kinds', 'terms', 'hash_key')`,
  );
  await world.database.exec(
    `set local session_replication_role = replica; ${tables.map(({ name }) => `delete from ${name};`).join(" ")}
     insert into public.whatsapp_sender default values; update private.terms set terms = '{}' where id;`,
  );
}

/** All texts of all tables in which one of these words occurs. */
async function placesOf(words: string[]): Promise<string[]> {
  const tables = await world.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname in ('public', 'private')`,
  );
  const found = await Promise.all(
    tables.map(({ name }) =>
      world.query<{ place: string }>(
        `select '${name} ' || t::text as place from ${name} t where t::text ~ '${words.join("|")}'`,
      ),
    ),
  );
  return found.flat().map(({ place }) => place);
}

/** Erases one after the other, lets what comes late come late, and looks for what is left of them. */
async function everybodyIsErased(stage: Stage) {
  const [session] = sessions;
  if (!session) throw new Error("no session");
  for (const person of stage.people) {
    // A LID that nobody could place is nobody's that could be erased.
    await session.run(call("record_lid", { p_lid: person.lid, p_phone_number: person.phones.first }));
    await erase(session, person.phones.first);
    await erase(session, person.phones.second);
    for (const sent of stage.sent.filter((one) => one.person === person)) {
      await session.run(settled(sent));
      await session.run(toldIds(sent));
    }
    await session.run(call("record_lid", { p_lid: person.lid, p_phone_number: person.phones.first }));
    expect(await placesOf(marks(person)), `${person.name} was erased`).toEqual([]);
  }
}

async function takeWalk(steps: Step[][]) {
  await empty();
  const stage = newStage();
  const page = openPage(world);
  await page.poll();
  for (const together of steps) {
    stage.now++;
    await Promise.all(
      together.map((step, n) => {
        const session = sessions[n];
        if (!session) throw new Error("no session");
        return perform(stage, session, step).catch((error: unknown) => {
          throw new Error(`${step.do}: ${error}`, { cause: error });
        });
      }),
    );
    if (stage.now % 3 === 0) await page.poll();
    expect(await brokenRules(world, stage), `after ${JSON.stringify(together)}`).toEqual([]);
  }
  await page.poll();
  expect(await page.differences()).toEqual([]);
  await everybodyIsErased(stage);
}

it("whatever happens, one thing after the other, what must hold holds", async () => {
  await fc.assert(fc.asyncProperty(walk(1), takeWalk), options);
}, 3_600_000);

it("whatever happens at the same time, what must hold holds", async () => {
  await fc.assert(fc.asyncProperty(walk(CONNECTIONS), takeWalk), options);
}, 3_600_000);
