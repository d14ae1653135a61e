import { timed } from "../alternate.ts";
import { useDeployedApp } from "../deployed-app.ts";
import type { Item } from "../entry.ts";
import { alone, round } from "../stats.ts";
import { postCall, postHistory, SECRETS } from "../webhooks.ts";
import { usePostgres, useWorld } from "../world.ts";

const CALLS = 2_000;
const CLIENTS = 200;
/** As many short texts as 1 MiB holds, the most that a webhook may have. */
const MESSAGES = 9_700;
const HISTORIES = [
  { what: "of one customer", first: 10_000, customers: 1 },
  { what: "of a hundred customers", first: 20_000, customers: 100 },
];

/** Is any of many calls lost that end at the same time, or of many messages in one webhook? */
export const flood: Item = async (bench) => {
  Object.assign(process.env, SECRETS);
  const world = await useWorld(bench, await usePostgres(bench), "flood");
  const app = await useDeployedApp(bench);
  bench.say(`${CALLS} calls, ${CLIENTS} clients`);
  let next = 0;
  const statuses: number[] = [];
  const times: number[] = [];
  const client = async () => {
    for (let n = next++; n < CALLS; n = next++) {
      times.push(await timed(async () => statuses.push(await postCall(app.ready.url, n))));
    }
  };
  const tookMs = await timed(() => Promise.all(Array.from({ length: CLIENTS }, client)));
  const histories: { what: string; ms: number }[] = [];
  for (const { what, first, customers } of HISTORIES) {
    bench.say(`${MESSAGES} messages ${what}`);
    const ms = await timed(async () => statuses.push(await postHistory(app.ready.url, first, MESSAGES, customers)));
    histories.push({ what: `one webhook, ${what}`, ms: round(ms) });
  }
  const [kept] = await world.query<{ calls: number; asks: number; messages: number }>(
    `select (select count(*) from public.cloudtalk_calls)::int as calls,
            (select count(distinct call_id) from public.whatsapp_messages where kind = 'ask')::int as asks,
            (select count(*) from public.whatsapp_messages where direction = 'incoming')::int as messages`,
  );
  const failed = statuses.filter((status) => status >= 500 || status === 0).length;
  const count = (what: string, value: number) => ({ what, unit: "", value, limit: 0 });
  return {
    measures: [
      alone("an answer", "ms", times),
      alone("calls a second", "/s", [round((CALLS / tookMs) * 1000)]),
      ...histories.map(({ what, ms }) => alone(what, "ms", [ms])),
    ],
    targets: [
      count("calls lost", CALLS - (kept?.calls ?? 0)),
      count("asks lost", CALLS - (kept?.asks ?? 0)),
      count("messages lost", HISTORIES.length * MESSAGES - (kept?.messages ?? 0)),
      count("answers ≥ 500, or none", failed),
      ...histories.map(({ what, ms }) => ({ what, unit: "ms", value: ms, limit: 2_000 })),
    ],
    notes: [`${CALLS} calls of ${CLIENTS} clients at once took ${(tookMs / 1000).toFixed(1)} s.`],
  };
};
