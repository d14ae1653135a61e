import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod/v3";
import { drainOutbox } from "../../lib/background/drain-outbox.ts";
import { readConfig } from "../../lib/config.ts";
import { startChild } from "../child.ts";
import type { Bench, Item, Measure } from "../entry.ts";
import { queueReplies } from "../fill.ts";
import { compare, round } from "../stats.ts";
import { type Postgres, usePostgres, useWorld } from "../world.ts";

const MESSAGES = 120;
const INTERVAL_MS = 500;
const DRAINS = [1, 4, 16];
const API_KEY = "session-key-of-the-bench";

const Url = z.object({ url: z.string() });
const Sends = z.array(z.object({ at: z.number(), to: z.string(), accepted: z.boolean() }));

/** Does the queue go out as fast as the limit lets it, and never faster, however many send? */
export const sender: Item = async (bench) => {
  const postgres = await usePostgres(bench);
  const runs: Run[] = [];
  for (const drains of DRAINS) runs.push(await run(bench, postgres, drains));
  return {
    measures: runs.map(({ measure }) => measure),
    targets: runs.flatMap(({ drains, overIdeal, shortestMs }) => [
      { what: `${drains} at once, all of it`, unit: "×", value: overIdeal, limit: 1.05 },
      // So that a shorter gap is a longer bar.
      { what: `${drains} at once, interval ÷ gap`, unit: "×", value: round(INTERVAL_MS / shortestMs), limit: 1 },
    ]),
    notes: runs.map(
      ({ drains, totalMs, shortestMs }) =>
        `${drains} at once: ${MESSAGES} messages in ${(totalMs / 1000).toFixed(2)} s; the shortest gap was ${shortestMs.toFixed(1)} ms`,
    ),
  };
};

type Run = { drains: number; totalMs: number; shortestMs: number; overIdeal: number; measure: Measure };

/** Sends all that is queued, by the record of the Wasender that stands in. */
async function run(bench: Bench, postgres: Postgres, drains: number): Promise<Run> {
  bench.say(`${drains} at once`);
  const world = await useWorld(bench, postgres, `sender_${drains}`);
  const app = bench.use(await startChild("app", Url, []));
  const wasender = bench.use(await startChild("wasender", Url, [API_KEY, `${app.ready.url}/api/whatsapp-webhook`]));
  await queueReplies(world.database, MESSAGES);
  const config = readConfig({
    ...process.env,
    WHATSAPP_API_URL: wasender.ready.url,
    WHATSAPP_API_TOKEN: API_KEY,
    WHATSAPP_MIN_INTERVAL_SECONDS: String(INTERVAL_MS / 1000),
  });
  const to = config.wasender;
  if (!to) throw new Error("There is no Wasender.");
  // A drain that has used up its time is followed by the next one, as the clock would ring it.
  const untilEmpty = async () => {
    for (
      let drained = await drainOutbox(config, to);
      drained.idle !== "empty";
      drained = await drainOutbox(config, to)
    ) {
      if (drained.idle !== "out_of_time") await sleep(drained.wait_ms ?? INTERVAL_MS);
    }
  };
  await Promise.all(Array.from({ length: drains }, untilEmpty));
  const sends = await wasender.ask("sends", Sends);
  const gaps = sends.slice(1).map(({ at }, n) => at - (sends[n]?.at ?? Number.NaN));
  if (sends.length !== MESSAGES || new Set(sends.map((send) => send.to)).size !== MESSAGES) {
    throw new Error(`${MESSAGES} messages were to be sent once each; ${sends.length} were sent.`);
  }
  const totalMs = gaps.reduce((sum, gap) => sum + gap, 0);
  return {
    drains,
    totalMs,
    shortestMs: Math.min(...gaps),
    overIdeal: round(totalMs / (INTERVAL_MS * gaps.length)),
    measure: compare(`gap, ${drains} at once`, "ms", "interval", blocksOf(gaps)),
  };
}

function blocksOf(gaps: number[]): { ours: number[]; yardstick: number[] }[] {
  const size = Math.ceil(gaps.length / 6);
  return Array.from({ length: Math.ceil(gaps.length / size) }, (_, at) => {
    const ours = gaps.slice(at * size, (at + 1) * size);
    return { ours, yardstick: ours.map(() => INTERVAL_MS) };
  });
}
