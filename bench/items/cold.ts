import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BuiltFunction, useBuiltFunctions } from "../built.ts";
import { type ColdStart, coldStart, type FirstRequest } from "../cold/cold-start.ts";
import type { Item } from "../entry.ts";
import { type Block, compare, median } from "../stats.ts";
import { callEnded, SECRETS, textReceived } from "../webhooks.ts";
import { usePostgres, useWorld } from "../world.ts";

const BLOCKS = 6;
const ROUNDS = 5;
const EMPTY = `export async function GET() { return Response.json({ success: true }); }
export async function POST() { return Response.json({ success: true }); }
`;
const json = { "content-type": "application/json" };

type Subject = { name: string; limit: number; request: (n: number) => FirstRequest };

const WEBHOOKS: Subject[] = [
  {
    name: "api/webhook/cloudtalk",
    limit: 90,
    request: (n) => ({
      method: "POST",
      url: "http://localhost/webhook/cloudtalk",
      headers: { ...json, authorization: `Bearer ${SECRETS.CLOUDTALK_WEBHOOK_SECRET}` },
      body: JSON.stringify(callEnded(n)),
    }),
  },
  {
    name: "api/whatsapp-webhook",
    limit: 90,
    request: (n) => ({
      method: "POST",
      url: "http://localhost/api/whatsapp-webhook",
      headers: { ...json, "x-webhook-signature": SECRETS.WHATSAPP_WEBHOOK_SECRET },
      body: JSON.stringify(textReceived(n)),
    }),
  },
];

/** How much longer than an empty function does one of ours take from a new process to its first answer? */
export const cold: Item = async (bench) => {
  Object.assign(process.env, SECRETS);
  const world = await useWorld(bench, await usePostgres(bench), "cold");
  const functions = await useBuiltFunctions(bench);
  const feed: Subject = {
    name: "api/whatsapp-incoming",
    limit: 60,
    request: () => ({
      method: "GET",
      url: "http://localhost/api/whatsapp-incoming?limit=50",
      headers: { cookie: world.cookie },
    }),
  };
  const subjects = [...WEBHOOKS, feed].map((subject) => ({ ...subject, ...find(functions, subject.name) }));
  const empty = await emptyFunction(find(functions, feed.name));

  let n = 0;
  const starts = new Map<string, ColdStart[]>();
  const start = async (name: string, module: string, request: FirstRequest) => {
    const measured = await coldStart(module, request);
    starts.set(name, [...(starts.get(name) ?? []), measured]);
    return measured.totalMs;
  };
  const blocks = new Map(subjects.map(({ name }): [string, Block[]] => [name, []]));
  // The first block warms up the file system's cache, and is not counted.
  for (let at = 0; at <= BLOCKS; at++) {
    bench.say(`block ${at} of ${BLOCKS}`);
    if (at === 1) starts.clear();
    const now = new Map(subjects.map(({ name }): [string, Block] => [name, { ours: [], yardstick: [] }]));
    for (let round = 0; round < ROUNDS; round++) {
      const emptyMs = await start("empty", empty, feed.request(n));
      for (const { name, entry, request } of subjects) {
        now.get(name)?.ours.push(await start(name, entry, request(n++)));
        now.get(name)?.yardstick.push(emptyMs);
      }
    }
    if (at > 0) for (const [name, block] of now) blocks.get(name)?.push(block);
  }

  const measures = subjects.map(({ name }) => compare(name, "ms", "empty function", blocks.get(name) ?? [], "+"));
  return {
    measures,
    targets: subjects.map(({ name, limit }, at) => ({
      what: `${name.replace("api/", "")}, more`,
      unit: "ms",
      value: measures[at]?.compared?.median ?? Number.NaN,
      limit,
    })),
    notes: ["empty", ...subjects.map(({ name }) => name)].map((name) => parts(name, starts.get(name) ?? [])),
  };
};

function find(functions: BuiltFunction[], name: string): BuiltFunction {
  const found = functions.find((one) => one.name === name);
  if (!found) throw new Error(`${name} was not built.`);
  return found;
}

/** A function of the same folder's shape that does nothing; its module. */
async function emptyFunction(beside: BuiltFunction): Promise<string> {
  const folder = join(dirname(beside.folder), "empty.func");
  await mkdir(join(folder, "api"), { recursive: true });
  for (const file of ["package.json", ".vc-config.json"]) await cp(join(beside.folder, file), join(folder, file));
  const entry = join(folder, "api/empty.js");
  await writeFile(entry, EMPTY);
  return entry;
}

function parts(name: string, starts: ColdStart[]): string {
  const of = (part: keyof ColdStart) => median(starts.map((start) => start[part])).toFixed(1);
  return `${name}: of ${of("totalMs")} ms, ${of("importMs")} were the import and ${of("answerMs")} the first answer`;
}
