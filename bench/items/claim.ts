import { openGraphile } from "../claim/graphile.ts";
import { openOurs, type Queue, useDatabase } from "../claim/ours.ts";
import type { Item } from "../entry.ts";
import { fillMessages } from "../fill.ts";
import { type Block, compare } from "../stats.ts";
import { usePostgres } from "../world.ts";

const WORKERS = [1, 4, 16];
const ROUNDS = 12;
const JOBS = 300;
const OTHERS = 100_000;

const crew = (workers: number) => (workers === 1 ? "1 worker" : `${workers} workers`);

/** How fast is the queue itself, beside a queue that is made for nothing else, and does it stay so in a full table? */
export const claim: Item = async (bench) => {
  const cluster = await usePostgres(bench);
  const open = async (name: string) => ({ url: cluster.url(name), database: await useDatabase(bench, cluster, name) });
  const [empty, full, other] = [await open("claim_empty"), await open("claim_full"), await open("graphile")];
  bench.say(`${OTHERS.toLocaleString("en")} messages in other states`);
  await fillMessages(full.database, OTHERS);
  const measured: { workers: number; besides: Block[]; filled: Block[] }[] = [];
  for (const workers of WORKERS) {
    const queues = [
      await openGraphile(other.database, other.url, workers),
      openOurs(empty.database, empty.url, workers),
      openOurs(full.database, full.url, workers),
    ];
    const besides: Block[] = [];
    const filled: Block[] = [];
    for (let at = 0; at <= ROUNDS; at++) {
      bench.say(`${crew(workers)}, round ${at} of ${ROUNDS}`);
      const [theirs = Number.NaN, ours = Number.NaN, oursFull = Number.NaN] = await inTurn(queues, at);
      // The first round warms up, and is not counted.
      if (at === 0) continue;
      besides.push({ ours: [ours], yardstick: [theirs] });
      filled.push({ ours: [oursFull], yardstick: [ours] });
    }
    for (const queue of queues) await queue.close();
    measured.push({ workers, besides, filled });
  }
  const measures = measured.map(({ workers, besides, filled }) => ({
    workers,
    besides: compare(`a message, ${crew(workers)}`, "ms", "graphile-worker", besides),
    filled: compare(`a message, ${crew(workers)}, full`, "ms", "ours, empty table", filled),
  }));
  return {
    measures: measures.flatMap(({ besides, filled }) => [besides, filled]),
    targets: measures.map(({ workers, filled }) => ({
      what: `${crew(workers)}, full to empty table`,
      unit: "×",
      value: filled.compared.median,
      limit: 1.2,
    })),
    notes: measures.map(({ workers, besides: { ours: mine, yardstick } }) => {
      const rate = (ms: number) => `${Math.round(1000 / ms)} a second`;
      return `${crew(workers)}: ${rate(mine.median)}; graphile-worker ${rate(yardstick.median)}`;
    }),
  };
};

/** What a job took in each of the queues. Which one is first changes with every round. */
async function inTurn(queues: Queue[], round: number): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < queues.length; n++) {
    const at = (n + round) % queues.length;
    took[at] = (await queues[at]?.run(JOBS)) ?? Number.NaN;
  }
  return took;
}
