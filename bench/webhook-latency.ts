import { serve } from "../dev/serve.ts";
import { alternate, alternateBatches, timed } from "./alternate.ts";
import type { Bench, Findings } from "./entry.ts";
import { compare } from "./stats.ts";
import { digitsOf, idOf, SECRETS } from "./webhooks.ts";
import { usePostgres, useWorld } from "./world.ts";

const BLOCKS = 10;
const PAIRS = 40;
const CLIENTS = 20;
const EACH = 5;
const COUNTED = 20;
const YARDSTICK = "bare fetch";

/** A webhook through its handler, against a bare fetch that makes the very same request of the database. */
export async function webhookLatency(
  bench: Bench,
  name: string,
  handler: (request: Request) => Promise<Response>,
  request: (n: number) => Request,
): Promise<Findings> {
  Object.assign(process.env, SECRETS);
  // Without a key for Wasender no drain starts after the answers and competes with what is measured.
  delete process.env.WHATSAPP_API_TOKEN;
  await useWorld(bench, await usePostgres(bench), name);
  let n = 0;
  const ours = () => {
    const webhook = request(n++);
    return timed(() => read(handler(webhook)));
  };
  bench.say("counting requests of the database");
  const counts: number[] = [];
  const sample = n;
  const [first] = await requestsDuring(() => ours());
  if (!first) throw new Error("The handler asked nothing of the database.");
  for (let i = 0; i < COUNTED; i++) counts.push((await requestsDuring(() => ours())).length);

  const { url, headers, body } = first;
  const yardstick = () => {
    const other = n++;
    const replaced = body.replaceAll(idOf(sample), idOf(other)).replaceAll(digitsOf(sample), digitsOf(other));
    return timed(() => read(fetch(url, { method: "POST", headers, body: replaced })));
  };
  bench.say("one after the other");
  const sequential = compare("sequential", "ms", YARDSTICK, await alternate(ours, yardstick, BLOCKS, PAIRS));
  bench.say(`${CLIENTS} clients`);
  const batches = await alternateBatches(ours, yardstick, BLOCKS, CLIENTS, EACH);
  const atOnce = compare(`${CLIENTS} clients`, "ms", YARDSTICK, batches);

  return {
    measures: [sequential, atOnce],
    targets: [
      ...[sequential, atOnce].flatMap(({ what, compared }) => [
        { what: `${what}, p50`, unit: "×", value: compared.median, limit: 1.25 },
        { what: `${what}, p99`, unit: "×", value: compared.p99, limit: 1.5 },
      ]),
      { what: "database requests a webhook", unit: "", value: Math.max(...counts), limit: 1 },
    ],
    notes: [`The database request is POST ${new URL(url).pathname}, ${body.length} bytes.`],
  };
}

async function read(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
}

type Sent = { url: string; headers: Headers; body: string };

/** The requests of the database that something makes. */
async function requestsDuring(work: () => Promise<unknown>): Promise<Sent[]> {
  const url = process.env.SUPABASE_URL ?? "";
  const sent: Sent[] = [];
  const between = await serve(async (request) => {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    for (const name of ["host", "connection", "content-length"]) headers.delete(name);
    const one = { url: url + pathname + search, headers, body: await request.text() };
    sent.push(one);
    return fetch(one.url, { method: request.method, headers, body: one.body });
  });
  process.env.SUPABASE_URL = between.url;
  try {
    await work();
  } finally {
    process.env.SUPABASE_URL = url;
    await between.close();
  }
  return sent;
}
