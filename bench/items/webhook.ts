import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod/v3";
import { alternate, type Side, timed } from "../alternate.ts";
import { startChild } from "../child.ts";
import { useDeployedApp } from "../deployed-app.ts";
import type { Item } from "../entry.ts";
import { compare } from "../stats.ts";
import { countCalls } from "../webhook/count-calls.ts";
import { FLOOR_SQL } from "../webhook/floor-sql.ts";
import { postCall, SECRETS } from "../webhooks.ts";
import { usePostgres, useWorld, type World } from "../world.ts";

const BLOCKS = 6;
const PAIRS = 50;
const CLIENTS = 20;
const BATCHES = 4;
const BATCH = 200;
const COUNTED = 100;
/** As many calls come before PostgreSQL's statistics are brought up to date, and as many after it: then all plans are made. */
const WARM_UP = 1_000;
const FLOOR = "least possible app";
/** As a limit of time: the target is 0.55 of the other's rate. */
const SLOWER_AT_ONCE = 1.82;

/** Does a CloudTalk webhook that queues an ask do its work once, and little besides? */
export const webhook: Item = async (bench) => {
  Object.assign(process.env, SECRETS);
  const world = await useWorld(bench, await usePostgres(bench), "webhook", FLOOR_SQL);
  const floor = bench.use(await startChild("floor", z.object({ url: z.string() }), []));
  const app = await useDeployedApp(bench);
  let n = 0;
  const end = (url: string): Side => {
    return () =>
      timed(async () => {
        const status = await postCall(url, n++);
        if (status !== 200) throw new Error(`A webhook was answered ${status}.`);
      });
  };
  const [ours, theirs] = [end(app.ready.url), end(floor.ready.url)];

  bench.say("counting what a webhook calls");
  await ours();
  await untilSent(world);
  const calls = await countCalls(world, ["refresh_customer", "claim_message", "record_cloudtalk_webhook"], async () => {
    for (let count = 0; count < COUNTED; count++) await ours();
  });
  if (calls.record_cloudtalk_webhook !== COUNTED || calls.refresh_customer === 0) {
    throw new Error(`PostgreSQL did not count the functions of ${COUNTED} webhooks: ${JSON.stringify(calls)}`);
  }
  bench.say("warming up");
  for (const side of [ours, theirs]) await atOnce(side, WARM_UP);
  await world.query("vacuum analyze");
  for (const side of [ours, theirs]) await atOnce(side, WARM_UP);
  bench.say("one after the other");
  const sequential = compare("sequential", "ms", FLOOR, await alternate(ours, theirs, BLOCKS, PAIRS));
  bench.say(`${CLIENTS} clients`);
  const batches = await alternate(batch(ours), batch(theirs), BLOCKS, BATCHES);
  const parallel = compare(`${CLIENTS} clients, a webhook`, "ms", FLOOR, batches);

  const perWebhook = (what: string, count: number, limit: number) => ({
    what,
    unit: "",
    value: count / COUNTED,
    limit,
  });
  const rate = (ms: number) => `${Math.round(1000 / ms)} a second`;
  return {
    measures: [sequential, parallel],
    targets: [
      { what: "sequential", unit: "×", value: sequential.compared.median, limit: 1.9 },
      { what: `${CLIENTS} clients`, unit: "×", value: parallel.compared.median, limit: SLOWER_AT_ONCE },
      perWebhook("refreshes a webhook", calls.refresh_customer, 1),
      perWebhook("claims a webhook, no slot", calls.claim_message, 0.1),
    ],
    notes: [
      `${CLIENTS} clients: ${rate(parallel.ours.median)}; ${FLOOR} ${rate(parallel.yardstick.median)}: ${(1 / parallel.compared.median).toFixed(2)} of its rate`,
    ],
  };
};

/** The first ask goes out at once; from then on the slot is taken for a minute. */
async function untilSent({ query }: World): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const sent = await query("select from public.whatsapp_messages where kind = 'ask' and sent_at is not null");
    if (sent.length > 0) return;
    await sleep(100);
  }
  throw new Error("The first ask was not sent.");
}

/** Milliseconds a webhook, by the clock on the wall. */
const batch = (side: Side): Side => {
  return async () => (await timed(() => atOnce(side, BATCH))) / BATCH;
};

async function atOnce(side: Side, webhooks: number): Promise<void> {
  const client = async () => {
    for (let count = 0; count < webhooks / CLIENTS; count++) await side();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}
