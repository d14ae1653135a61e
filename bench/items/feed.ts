import postgres from "postgres";
import { z } from "zod/v3";
import { GET } from "../../api/whatsapp-incoming.ts";
import { timed } from "../alternate.ts";
import type { Bench, Findings, Item } from "../entry.ts";
import { filledNumber, fillMessages } from "../fill.ts";
import { type Block, compare } from "../stats.ts";
import { usePostgres, useWorld, type World } from "../world.ts";

const SIZES = [1_000, 100_000, 1_000_000] as const;
const BLOCKS = 10;
const ROUNDS = 20;
const POLLS = ["something new", "nothing new"] as const;

type Reader = {
  messages: number;
  /** A customer writes, and the page polls; in milliseconds. */
  new: () => Promise<number>;
  /** The page polls again; in milliseconds. */
  nothing: () => Promise<number>;
  touched: () => Promise<Touched>;
};

/** Does a poll stay as quick when the table grows? */
export const feed: Item = async (bench) => {
  const cluster = await usePostgres(bench);
  const readers: Reader[] = [];
  for (const messages of SIZES) {
    bench.say(`${messages.toLocaleString("en")} messages`);
    const world = await useWorld(bench, cluster, `feed_${messages}`);
    await fillMessages(world.database, messages);
    readers.push(reader(bench, world, messages));
  }
  const blocks = new Map<string, number[][]>();
  for (let at = 0; at <= BLOCKS; at++) {
    bench.say(`block ${at} of ${BLOCKS}`);
    // The first block warms up, and is not counted.
    if (at === 1) blocks.clear();
    const times = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round++) {
      for (let turn = 0; turn < readers.length; turn++) {
        const one = readers[(turn + round) % readers.length];
        if (!one) continue;
        push(times, `${one.messages} something new`, await one.new());
        push(times, `${one.messages} nothing new`, await one.nothing());
      }
    }
    for (const [key, values] of times) push(blocks, key, values);
  }
  const of = (messages: number, poll: string) => blocks.get(`${messages} ${poll}`) ?? [];
  const measures = POLLS.flatMap((poll) =>
    SIZES.slice(1).map((messages) => {
      const base = of(SIZES[0], poll);
      const pairs = of(messages, poll).map((ours, at): Block => ({ ours, yardstick: base[at] ?? [] }));
      return compare(`${poll}, ${messages.toLocaleString("en")}`, "ms", "1,000 messages", pairs);
    }),
  );
  const touched = await Promise.all(readers.map((one) => one.touched()));
  return {
    measures,
    targets: [...targetsOf(measures), ...lookups(touched)],
    notes: readers.map(({ messages }, at) => note(messages, touched[at])),
  };
};

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

function targetsOf(measures: Findings["measures"]): Findings["targets"] {
  return measures
    .filter(({ what }) => what.endsWith("1,000,000"))
    .map(({ what, compared }) => ({ what, unit: "×", value: compared?.median ?? Number.NaN, limit: 1.2 }));
}

/** A page that watches: it sends the cursor and the ETag of the last answer. */
function reader(bench: Bench, world: World, messages: number): Reader {
  const sql = postgres(world.postgresUrl, { max: 1, onnotice: () => undefined });
  bench.use({ close: () => sql.end() });
  let cursor = "";
  let etag = "";
  let n = 0;
  const poll = async (expected: number) => {
    world.enter();
    const headers = { cookie: world.cookie, ...(etag ? { "if-none-match": etag } : {}) };
    const after = cursor ? `&after=${encodeURIComponent(cursor)}` : "";
    const request = new Request(`http://localhost/api/whatsapp-incoming?limit=200${after}`, { headers });
    let response = new Response();
    let text = "";
    const ms = await timed(async () => {
      response = await GET(request);
      text = await response.text();
    });
    if (response.status !== expected) throw new Error(`A poll answered ${response.status}: ${text}`);
    etag = response.headers.get("etag") ?? "";
    cursor = text
      ? z.object({ cursor: z.string() }).parse(JSON.parse(text)).cursor
      : (response.headers.get("x-cursor") ?? cursor);
    return ms;
  };
  return {
    messages,
    new: async () => {
      if (!cursor) await poll(200);
      await sql`
        insert into public.whatsapp_messages (direction, kind, status, phone_number, text, whatsapp_id, message_at)
        values ('incoming', 'incoming', 'received', ${filledNumber(n * 37)}, 'Ecco', ${`new-${n++}`}, now())`;
      return poll(200);
    },
    nothing: () => poll(304),
    touched: () => touchedBy(sql, cursor),
  };
}

/** What one call of read_feed with nothing new looks at. */
type Touched = { tables: Scans[]; blocks: number };
type Scans = { relname: string; idx_scan: number; seq_scan: number };

const Plan = z.tuple([
  z.object({
    "QUERY PLAN": z.tuple([
      z.object({ Plan: z.object({ "Shared Hit Blocks": z.number(), "Shared Read Blocks": z.number() }) }),
    ]),
  }),
]);

async function touchedBy(sql: postgres.Sql, cursor: string): Promise<Touched> {
  // Twice before, so that what a connection looks up once in its life is not counted.
  for (let n = 0; n < 2; n++) await sql`select public.read_feed(200, ${cursor})`;
  const tables = await sql.begin(async (transaction) => {
    const scansSoFar = async () => [
      ...(await transaction<Scans[]>`
        select relname, coalesce(idx_scan, 0)::int as idx_scan, seq_scan::int
          from pg_stat_xact_user_tables where schemaname in ('public', 'private')`),
    ];
    const before = new Map((await scansSoFar()).map((table) => [table.relname, table]));
    await transaction`select public.read_feed(200, ${cursor})`;
    return (await scansSoFar()).map(({ relname, idx_scan, seq_scan }) => ({
      relname,
      idx_scan: idx_scan - (before.get(relname)?.idx_scan ?? 0),
      seq_scan: seq_scan - (before.get(relname)?.seq_scan ?? 0),
    }));
  });
  const rows = await sql.unsafe(`explain (analyze, buffers, format json) select public.read_feed(200, '${cursor}')`);
  const [plan] = Plan.parse([...rows])[0]["QUERY PLAN"];
  return {
    tables: tables.filter((table) => table.idx_scan + table.seq_scan > 0),
    blocks: plan.Plan["Shared Hit Blocks"] + plan.Plan["Shared Read Blocks"],
  };
}

const scans = ({ tables }: Touched, by: "idx_scan" | "seq_scan") => tables.reduce((sum, table) => sum + table[by], 0);

function lookups(touched: Touched[]): Findings["targets"] {
  const most = touched.map((one) => scans(one, "idx_scan"));
  return [{ what: "nothing new, index lookups", unit: "", value: Math.max(...most), limit: 1 }];
}

function note(messages: number, touched: Touched | undefined): string {
  if (!touched) return "";
  const each = touched.tables.map(
    ({ relname, idx_scan, seq_scan }) => `${relname} ${idx_scan}${seq_scan > 0 ? ` and ${seq_scan} whole` : ""}`,
  );
  return `nothing new at ${messages.toLocaleString("en")}: ${scans(touched, "idx_scan")} index lookups, ${touched.blocks} blocks: ${each.join(", ")}`;
}
