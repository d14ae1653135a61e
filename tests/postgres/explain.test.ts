import { afterAll, beforeAll, expect, it } from "vitest";
import { createWorld, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  // A hundred thousand rows at once: their conversations are of no interest here.
  await world.database.exec(`
    alter table public.whatsapp_messages disable trigger user;
    insert into public.conversations (state) select 'none' from generate_series(1, 5000);
    insert into public.conversation_numbers (address, conversation_id, known_by)
    select '+39333' || lpad((id - 1)::text, 7, '0'), id, 'message' from public.conversations;
    insert into public.whatsapp_messages (conversation_id, direction, kind, status, phone_number, text, whatsapp_id)
    select 1 + n % 5000, 'outgoing', 'reply', (array['sent', 'delivered', 'read'])[1 + n % 3], '+39333' || lpad((n % 5000)::text, 7, '0'), 'message ' || n, 'id' || n
      from generate_series(1, 100000) n;
    insert into public.whatsapp_messages (conversation_id, direction, kind, status, phone_number, text, due_at)
    select 1 + n, 'outgoing', 'reply', 'queued', '+39333' || lpad(n::text, 7, '0'), 'message ' || n, now()
      from generate_series(1, 500) n;
    alter table public.whatsapp_messages enable trigger user;
  `);
  await world.query("vacuum analyze public.whatsapp_messages");
});
afterAll(() => world.close());

const plan = async (sql: string) =>
  (await world.query<{ "QUERY PLAN": string }>(`explain ${sql}`)).map((row) => row["QUERY PLAN"]).join("\n");

// The statements are those of the functions, which EXPLAIN does not look into.
it.each([
  [
    "the next message",
    "select q.* from public.whatsapp_messages q join public.conversations c on c.id = q.conversation_id where q.status = 'queued' and q.due_at <= now() order by q.priority desc, q.due_at, q.id limit 1 for update of c, q skip locked",
    /whatsapp_messages_(queue|due)_idx/,
  ],
  [
    "when the next is due",
    "select min(due_at) from public.whatsapp_messages where status = 'queued'",
    /whatsapp_messages_due_idx/,
  ],
  [
    "a lease that ran out",
    "select from public.whatsapp_messages where status = 'sending' and lease_until < now()",
    /whatsapp_messages_lease_idx/,
  ],
  [
    "the claim that is settled",
    "select message_id from public.whatsapp_attempts where lease_token = '9f0b2a5e-0000-4000-8000-000000000000'",
    /whatsapp_attempts_lease_token_key/,
  ],
  [
    "what changed since a cursor",
    "select m from public.whatsapp_messages m where m.changed_xid >= pg_snapshot_xmin(pg_current_snapshot()) and m.changed_xid < pg_snapshot_xmax(pg_current_snapshot()) order by m.changed_xid, m.id limit 51",
    /whatsapp_messages_changed_idx/,
  ],
  [
    "the newest messages",
    "select m from public.whatsapp_messages m order by m.id desc limit 50",
    /whatsapp_messages_pkey/,
  ],
  [
    "a message by its WhatsApp id",
    "select id from public.whatsapp_messages where direction = 'outgoing' and whatsapp_id = 'id77'",
    /whatsapp_messages_whatsapp_id_key/,
  ],
  [
    "a customer's messages",
    "select * from public.whatsapp_messages where conversation_id = 77 order by id desc limit 51",
    /whatsapp_messages_conversation_id_idx/,
  ],
  [
    "the calls of a code",
    "select k.conversation_id from public.cloudtalk_calls k where k.duplicate_of is null and lower(left(regexp_replace(coalesce(k.call_uuid, case when k.call_id !~ '^[0-9]+$' then k.call_id end), '[^0-9A-Za-z]', '', 'g'), 8)) = '3f2a9c1e'",
    /cloudtalk_calls_code_idx/,
  ],
  ["a customer's calls", "select * from public.cloudtalk_calls where conversation_id = 2", /cloudtalk_calls/],
])("%s is found by an index among 100,000 messages", async (_, sql, index) => {
  const text = await plan(sql);
  expect(text).toMatch(index);
  expect(text).not.toMatch(/Seq Scan on whatsapp_messages/);
});

it("a claim and a poll do not slow down with the table: they touch few pages", async () => {
  const touched = async (sql: string) => {
    const rows = await world.query<{
      "QUERY PLAN": [{ Plan: { "Shared Hit Blocks": number; "Shared Read Blocks": number } }];
    }>(`explain (analyze, buffers, format json) ${sql}`);
    const top = rows[0]?.["QUERY PLAN"][0].Plan;
    return (top?.["Shared Hit Blocks"] ?? 0) + (top?.["Shared Read Blocks"] ?? 0);
  };
  // Reading the whole table, even once, would be more than half of what reading it takes.
  const most = (await touched("select text from public.whatsapp_messages")) / 2;
  expect(most).toBeGreaterThan(500);
  // A transaction of another test's database may still be under way that is older than these rows: a cursor begins with it.
  await expect
    .poll(
      async () => {
        const newer =
          "select from public.whatsapp_messages where changed_xid >= pg_snapshot_xmin(pg_current_snapshot()) limit 1";
        return (await world.query(newer)).length;
      },
      { timeout: 90_000 },
    )
    .toBe(0);
  const [cursor] = await world.query<{ cursor: string }>("select public.read_feed(1) ->> 'cursor' as cursor");
  await world.query("select public.claim_message(0, 1000, 60000, 'x')");
  expect(await touched("select public.claim_message(0, 1000, 60000, 'x')")).toBeLessThan(most);
  // The first one also reads what PostgreSQL needs to plan it.
  const poll = `select public.read_feed(50, '${cursor?.cursor}')`;
  await world.query(poll);
  expect(await touched(poll)).toBeLessThan(most);
});
