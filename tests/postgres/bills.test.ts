import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { READER_VERSION } from "../../lib/bills/bill.ts";
import { bill, billsIn, reading, supply } from "../helpers/bills.ts";
import { createWorld, postgresOf, type World } from "../helpers/world.ts";

const MARIA = "+393330000001";

let world: World;
let db: ReturnType<typeof billsIn>;
beforeAll(async () => {
  world = await createWorld();
  db = billsIn(world);
});
afterAll(() => world.close());
beforeEach(() => world.reset());

/** Something begins while a transaction that has run these statements is open; it is committed a moment later. */
async function meanwhile<Answer>(statement: string, begin: () => Promise<Answer>): Promise<Answer> {
  let begun: Promise<Answer> | undefined;
  await postgresOf(world).begin(async (transaction) => {
    await transaction.unsafe(statement);
    begun = begin();
    // It waits for a lock that this transaction holds, or has ended already.
    const waits = async () => {
      const [row] = await world.query<{ waits: boolean }>(
        "select exists (select from pg_locks where not granted) as waits",
      );
      return row?.waits === true;
    };
    for (let n = 0; n < 100 && !(await waits()); n++) await new Promise((done) => setTimeout(done, 10));
  });
  if (!begun) throw new Error("nothing began");
  return begun;
}

it("many who claim at once get different files, and no more than may read", async () => {
  for (let n = 0; n < 6; n++) await db.store(MARIA);
  const claimed = await Promise.all(Array.from({ length: 6 }, () => db.claim(4)));
  const ids = claimed.flatMap((one) => one?.message_id ?? []);
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(4);
});

it("npm run reread queues what an older version read, and says how many", async () => {
  const reread = async () =>
    (await promisify(execFile)(process.execPath, ["scripts/reread.ts"], { env: { ...process.env } })).stdout;
  await db.store(MARIA);
  await db.settle((await db.claim()) ?? never(), bill(supply()), READER_VERSION - 1);
  expect(await reread()).toContain("One file is read again");
  expect(await db.claim()).toMatchObject({ attempts: 1 });
  expect(await reread()).toContain("Nothing was read by a version before");
});

it("what staff confirm while it is read again stays as they saw it", async () => {
  const id = await db.store(MARIA);
  await db.settle((await db.claim()) ?? never(), bill(supply()));
  await world.query("select public.reread_bills(2)");
  const claimed = (await db.claim()) ?? never();
  const settled = await meanwhile(`select public.act_on_bill('bill_confirm', ${id})`, () =>
    db.settle(claimed, bill(supply({ kwh: 1 })), 2),
  );
  expect(settled).toEqual({ settled: false });
  expect(await db.supplies(id)).toMatchObject([{ kwh: 1980 }]);
  expect(await world.query("select public.reread_bills(3) as count")).toEqual([{ count: 0 }]);
});

it("what staff reject while it is read for the first time stays rejected", async () => {
  const id = await db.store(MARIA);
  const claimed = (await db.claim()) ?? never();
  const acted = await meanwhile(
    `select public.settle_bill(${claimed.id}, '${claimed.lease_token}', '${JSON.stringify(bill(supply()))}', 1)`,
    () => db.act("bill_reject", id),
  );
  expect(acted).toMatchObject({ bill: { state: "not_a_bill", supplies: [] } });
  expect(await db.supplies(id)).toEqual([]);
});

it("an erasure while a file is read leaves nothing of it, and nothing to settle", async () => {
  await db.store(MARIA);
  const claimed = (await db.claim()) ?? never();
  const [begun] = await world.query<{ id: string }>(`select public.start_erasure('${MARIA}') as id`);
  const settled = await meanwhile(`select public.erase_customer(${begun?.id})`, () =>
    db.settle(claimed, bill(supply({ holder: "Maria Rossi" }))),
  );
  expect(settled).toEqual({ settled: false });
  expect(await world.query("select 1 from public.bills union all select 1 from public.bill_supplies")).toEqual([]);
});

it("two photos of one bill that are settled at once are one bill", async () => {
  const first = await db.store(MARIA, { ago: "2 minutes" });
  const second = await db.store(MARIA, { ago: "1 minute" });
  const [one, two] = [await db.claim(), await db.claim()];
  const page = supply({ pod: null, period_from: null, period_to: null, power_kw: 30 });
  await Promise.all([
    db.settle(one ?? never(), bill(supply())),
    db.settle(two ?? never(), reading("needs_eyes", "electricity", [page], "too_little")),
  ]);
  expect(await db.bills()).toMatchObject([
    { message: first, page: null },
    { message: second, page: first },
  ]);
  expect(await db.supplies(first)).toMatchObject([{ power_kw: 30 }]);
});

function never(): never {
  throw new Error("nothing was due");
}
