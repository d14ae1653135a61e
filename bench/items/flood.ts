import { z } from "zod/v3";
import { serve } from "../../dev/serve.ts";
import { timed } from "../alternate.ts";
import { startChild } from "../child.ts";
import type { Item } from "../entry.ts";
import { alone, round } from "../stats.ts";
import { callEnded, SECRETS } from "../webhooks.ts";
import { usePostgres, useWorld } from "../world.ts";

const CALLS = 2_000;
const CLIENTS = 200;
const API_KEY = "session-key-of-the-bench";
const Url = z.object({ url: z.string() });

/** Is any of many calls lost that end at the same time? */
export const flood: Item = async (bench) => {
  Object.assign(process.env, SECRETS);
  const world = await useWorld(bench, await usePostgres(bench), "flood");
  const port = await freePort();
  const wasender = bench.use(
    await startChild("wasender", Url, [API_KEY, `http://127.0.0.1:${port}/api/whatsapp-webhook`]),
  );
  // As it is deployed: with a key for Wasender, so that each answer also wakes the sender.
  const app = bench.use(
    await startChild("app", Url, [String(port)], {
      WHATSAPP_API_URL: wasender.ready.url,
      WHATSAPP_API_TOKEN: API_KEY,
    }),
  );
  bench.say(`${CALLS} calls, ${CLIENTS} clients`);
  let next = 0;
  const statuses: number[] = [];
  const times: number[] = [];
  const client = async () => {
    for (let n = next++; n < CALLS; n = next++) {
      times.push(await timed(async () => statuses.push(await end(app.ready.url, n))));
    }
  };
  const tookMs = await timed(() => Promise.all(Array.from({ length: CLIENTS }, client)));
  const [kept] = await world.query<{ calls: number; messages: number }>(
    `select (select count(*) from public.cloudtalk_calls)::int as calls,
            (select count(distinct call_id) from public.whatsapp_messages where kind = 'ask')::int as messages`,
  );
  const failed = statuses.filter((status) => status >= 500 || status === 0).length;
  const count = (what: string, value: number) => ({ what, unit: "", value, limit: 0 });
  return {
    measures: [alone("an answer", "ms", times), alone("calls a second", "/s", [round((CALLS / tookMs) * 1000)])],
    targets: [
      count("calls lost", CALLS - (kept?.calls ?? 0)),
      count("asks lost", CALLS - (kept?.messages ?? 0)),
      count("answers ≥ 500, or none", failed),
    ],
    notes: [`${CALLS} calls of ${CLIENTS} clients at once took ${(tookMs / 1000).toFixed(1)} s.`],
  };
};

/** Posts a call's webhook; the status, or 0 where no answer came. */
async function end(url: string, n: number): Promise<number> {
  try {
    const response = await fetch(`${url}/webhook/cloudtalk`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${SECRETS.CLOUDTALK_WEBHOOK_SECRET}` },
      body: JSON.stringify(callEnded(n)),
    });
    await response.text();
    return response.status;
  } catch {
    return 0;
  }
}

async function freePort(): Promise<number> {
  const server = await serve(() => new Response());
  await server.close();
  return server.port;
}
