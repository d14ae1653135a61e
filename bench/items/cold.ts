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
/** How many times what an empty function takes. */
const LIMIT = 1.8;
const EMPTY = `export async function GET() { return Response.json({ success: true }); }
export async function POST() { return Response.json({ success: true }); }
`;
const json = { "content-type": "application/json" };

type Subject = { what: string; name: string; isTarget: boolean; request: (n: number) => FirstRequest };

const WEBHOOKS: Subject[] = [
  {
    what: "webhook/cloudtalk",
    name: "api/webhook/cloudtalk",
    isTarget: true,
    request: (n) => ({
      method: "POST",
      url: "http://localhost/webhook/cloudtalk",
      headers: { ...json, authorization: `Bearer ${SECRETS.CLOUDTALK_WEBHOOK_SECRET}` },
      body: JSON.stringify(callEnded(n)),
    }),
  },
  {
    what: "whatsapp-webhook",
    name: "api/whatsapp-webhook",
    isTarget: true,
    request: (n) => ({
      method: "POST",
      url: "http://localhost/api/whatsapp-webhook",
      headers: { ...json, "x-webhook-signature": SECRETS.WHATSAPP_WEBHOOK_SECRET },
      body: JSON.stringify(textReceived(n)),
    }),
  },
];

/** How many times as long as an empty function does one of ours take from a new process to its first answer? */
export const cold: Item = async (bench) => {
  Object.assign(process.env, SECRETS);
  const world = await useWorld(bench, await usePostgres(bench), "cold");
  const functions = await useBuiltFunctions(bench);
  /** The page's cursor before the webhooks of a round. */
  let cursor = "";
  const feed = (query: () => string): Omit<Subject, "what" | "isTarget"> => ({
    name: "api/whatsapp-incoming",
    request: () => ({
      method: "GET",
      url: `http://localhost/api/whatsapp-incoming?${query()}`,
      headers: { cookie: world.cookie },
    }),
  });
  const poll = {
    what: "whatsapp-incoming, a poll",
    isTarget: true,
    ...feed(() => `limit=200&after=${encodeURIComponent(cursor)}`),
  };
  const newest = { what: "whatsapp-incoming, the newest 50", isTarget: false, ...feed(() => "limit=50") };
  const subjects = [...WEBHOOKS, poll, newest].map((subject) => ({
    ...subject,
    entry: find(functions, subject.name).entry,
  }));
  const empty = await emptyFunction(find(functions, poll.name));

  let n = 0;
  const starts = new Map<string, ColdStart[]>();
  const start = async (name: string, module: string, request: FirstRequest) => {
    const measured = await coldStart(module, request);
    starts.set(name, [...(starts.get(name) ?? []), measured]);
    return measured.totalMs;
  };
  const blocks = new Map(subjects.map(({ what }): [string, Block[]] => [what, []]));
  // The first block warms up the file system's cache, and is not counted.
  for (let at = 0; at <= BLOCKS; at++) {
    bench.say(`block ${at} of ${BLOCKS}`);
    if (at === 1) starts.clear();
    const now = new Map(subjects.map(({ what }): [string, Block] => [what, { ours: [], yardstick: [] }]));
    for (let round = 0; round < ROUNDS; round++) {
      const [row] = await world.query<{ cursor: string }>("select public.read_feed(1) ->> 'cursor' as cursor");
      cursor = row?.cursor ?? "";
      const emptyMs = await start("empty", empty, poll.request(n));
      for (const { what, entry, request } of subjects) {
        now.get(what)?.ours.push(await start(what, entry, request(n++)));
        now.get(what)?.yardstick.push(emptyMs);
      }
    }
    if (at > 0) for (const [what, block] of now) blocks.get(what)?.push(block);
  }

  const measures = subjects.map(({ what }) => compare(what, "ms", "empty function", blocks.get(what) ?? []));
  return {
    measures,
    targets: subjects.flatMap(({ what, isTarget }, at) =>
      isTarget ? [{ what, unit: "×", value: measures[at]?.compared?.median ?? Number.NaN, limit: LIMIT }] : [],
    ),
    notes: ["empty", ...subjects.map(({ what }) => what)].map((what) => parts(what, starts.get(what) ?? [])),
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
