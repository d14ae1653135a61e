import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { POST } from "../../api/session.ts";
import { type AuthFront, startAuthFront } from "../helpers/auth-front.ts";
import { createWorld, jsonRequest, postgresOf, type World } from "../helpers/world.ts";

let world: World;
let front: AuthFront;
beforeAll(async () => {
  world = await createWorld();
  front = await startAuthFront(world);
});
afterAll(async () => {
  await front.close();
  await world.close();
});
beforeEach(async () => {
  await world.reset();
  front.asked.length = 0;
});

const guess = async (email: string, address: string) =>
  (
    await POST(
      jsonRequest("/api/session", { email, password: "wrong" }, { origin: "http://localhost", "x-real-ip": address }),
    )
  ).status;
const count = (statuses: number[], status: number) => statuses.filter((one) => one === status).length;

it("of many attempts at the same moment as many pass as one after the other", async () => {
  const same = await Promise.all(Array.from({ length: 16 }, () => guess("anna@example.com", "203.0.113.1")));
  expect([count(same, 401), count(same, 429)]).toEqual([10, 6]);
  expect(front.asked).toHaveLength(10);

  await world.reset();
  const anywhere = await Promise.all(
    Array.from({ length: 26 }, (_, n) => guess(`${n}@example.com`, `198.51.100.${n}`)),
  );
  expect([count(anywhere, 401), count(anywhere, 429)]).toEqual([20, 6]);
});

it("an attempt waits for one that is being counted, and one that is refused anyway does not", async () => {
  const begin = `select public.begin_sign_in('anna@example.com', '203.0.113.1') ? 'attempt' as admitted`;
  for (let n = 0; n < 9; n++) await world.query(begin);
  const driver = postgresOf(world);
  const order: string[] = [];
  let second: Promise<unknown> | undefined;
  await driver.begin(async (first) => {
    expect(await first.unsafe(begin)).toMatchObject([{ admitted: true }]);
    second = world.query<{ admitted: boolean }>(begin).then(([answer]) => order.push(`admitted: ${answer?.admitted}`));
    // Until it waits for the first one.
    for (;;) {
      const [waiting] = await world.query<{ n: number }>(
        "select count(*)::int as n from pg_locks l join pg_database d on d.oid = l.database where d.datname = current_database() and not l.granted",
      );
      if (waiting?.n) break;
    }
    order.push("first commits");
  });
  await second;
  expect(order).toEqual(["first commits", "admitted: false"]);

  await driver.begin(async (other) => {
    await other.unsafe("select private.lock_keys('sign_in')");
    expect(await world.query(begin)).toEqual([{ admitted: false }]);
  });
});
