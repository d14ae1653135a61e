import fc from "fast-check";
import type postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { GET } from "../../api/whatsapp-incoming.ts";
import { createWorld, postgresOf, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

/** A page that watches: what it has been told of each message, by its id. */
function page() {
  const seen = new Map<number, string>();
  let cursor = "";
  let etag = "";
  const poll = async (): Promise<"news" | "nothing"> => {
    const after = cursor ? `?after=${encodeURIComponent(cursor)}` : "";
    const headers = { ...(await world.signIn()), ...(etag ? { "if-none-match": etag } : {}) };
    const response = await GET(new Request(`http://localhost/api/whatsapp-incoming${after}`, { headers }));
    etag = response.headers.get("etag") ?? "";
    if (response.status === 304) {
      cursor = response.headers.get("x-cursor") ?? "";
      return "nothing";
    }
    const answer = await response.json();
    cursor = answer.cursor;
    for (const { id, text } of answer.messages) seen.set(id, text);
    for (const id of answer.deleted?.messages ?? []) seen.delete(id);
    return answer.messages.length + answer.conversations.length > 0 || answer.deleted || answer.more
      ? "news"
      : "nothing";
  };
  return { poll, seen };
}

/** Transactions that stay open as long as they like, each with customers of its own: none waits for another. */
type Step = { do: "write" | "change" | "remove" | "commit" | "undo"; in: number } | { do: "poll" } | { do: "state" };

const transaction = fc.nat({ max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("write", "change", "remove", "commit", "undo"), in: transaction }),
  fc.constant({ do: "poll" } as const),
  fc.constant({ do: "state" } as const),
);

it("whatever commits when, a page that polls has been told of every change", async () => {
  const driver = postgresOf(world);
  const sessions: postgres.ReservedSql[] = [];
  for (let n = 0; n < 4; n++) sessions.push(await driver.reserve());
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        await world.query("truncate public.whatsapp_messages, public.conversations cascade");
        const open = new Set<number>();
        const { poll, seen } = page();
        let n = 0;
        for (const one of steps) {
          if (one.do === "poll") await poll();
          else if (one.do === "state") {
            await world.query(`update public.whatsapp_sender set session_status = 'state ${n++}'`);
          } else {
            const sql = sessions[one.in];
            if (!sql) throw new Error("no session");
            if (one.do === "commit" || one.do === "undo") {
              if (open.delete(one.in)) await sql.unsafe(one.do === "commit" ? "commit" : "rollback");
              continue;
            }
            if (!open.has(one.in)) await sql.unsafe("begin");
            open.add(one.in);
            const phone = `+39333000000${one.in}`;
            if (one.do === "write") {
              await sql`
                insert into public.whatsapp_messages (direction, kind, status, phone_number, text, whatsapp_id)
                values ('incoming', 'incoming', 'received', ${phone}, ${`text ${n}`}, ${`id ${n++}`})`;
            } else if (one.do === "change") {
              await sql`update public.whatsapp_messages set text = ${`changed ${n++}`} where phone_number = ${phone}`;
            } else {
              await sql`delete from public.whatsapp_messages where phone_number = ${phone} and id % 2 = 0`;
            }
          }
        }
        for (const at of open) await sessions[at]?.unsafe("commit");
        for (let polls = 0; (await poll()) === "news"; polls++) expect(polls).toBeLessThan(50);
        const rows = await world.query<{ id: number; text: string }>(
          "select id::int, text from public.whatsapp_messages order by id",
        );
        expect([...seen].map(([id, text]) => ({ id, text })).toSorted((a, b) => a.id - b.id)).toEqual(rows);
      }),
      { numRuns: 30 },
    );
  } finally {
    for (const session of sessions) session.release();
  }
});

it("a poll that finds nothing new looks into no table but two of one row each", async () => {
  await world.signIn();
  for (let n = 0; n < 20; n++) {
    await world.query(
      `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at)
       values ('outgoing', 'reply', 'queued', '+3933300000${n + 10}', 'text', now() + interval '1 hour')`,
    );
  }
  const read = async () =>
    (await world.query<{ cursor: string }>("select public.read_feed(50) ->> 'cursor' as cursor"))[0]?.cursor ?? "";
  let cursor = await read();
  // While somebody else's transaction is under way (autovacuum's, say), a cursor cannot promise anything.
  while (!cursor.includes("|")) cursor = await read();
  const driver = postgresOf(world);
  const touched = (after: string) =>
    driver.begin(async (transaction: postgres.TransactionSql) => {
      const tables = async () =>
        new Map(
          (
            await transaction<{ relname: string; scans: number }[]>`
              select relname, (seq_scan + coalesce(idx_scan, 0))::int as scans from pg_stat_xact_user_tables`
          ).map(({ relname, scans }) => [relname, scans]),
        );
      const before = await tables();
      await transaction`select public.read_feed(50, ${after})`;
      return [...(await tables())].filter(([table, scans]) => scans > (before.get(table) ?? 0)).map(([table]) => table);
    });
  expect((await touched(cursor)).toSorted()).toEqual(["terms", "whatsapp_sender"]);
  // What it says of the queue is as true as if it had looked.
  const state = async (after: string) =>
    (
      await world.query<{ state: object }>(
        `select public.read_feed(50, '${after}') - array['cursor', 'counts'] as state`,
      )
    )[0]?.state;
  expect(await state(cursor)).toEqual(await state(cursor.split("|")[0] ?? ""));
  expect(await state(cursor)).toMatchObject({ sender: { queued: 20 }, work: { outbox: false } });
  await world.query("update public.whatsapp_messages set due_at = now() where text = 'text'");
  expect(await touched(cursor)).toContain("whatsapp_messages");
});
