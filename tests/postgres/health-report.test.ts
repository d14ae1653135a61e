import { afterAll, beforeAll, expect, it } from "vitest";
import { readConfig } from "../../lib/config.ts";
import { checkHealth } from "../../lib/health/check-health.ts";
import { supabase } from "../../lib/supabase/client.ts";
import { healthReport } from "../../lib/supabase/health/health-report.ts";
import { createWorld, type World } from "../helpers/world.ts";

// GET /api/health is open to everybody: what it asks of the database must not grow with the tables.

const ROWS = 200_000;
const APP_SECRET = "a-secret-of-the-app-for-this-test";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  // A thousand webhooks a day. CloudTalk is silent since the first day, one of Wasender's events came once, others never.
  await world.database.exec(`
    select private.add_app_secret('${APP_SECRET}');
    insert into public.webhook_requests (source, body, event_type, outcome, "timestamp")
    select case when n < 10 then 'cloudtalk' else 'wasender' end, jsonb_build_object('text', repeat(md5(n::text), 10)),
           case when n = 11 then 'messages.upsert' when n % 3 = 0 then 'messages.received' else 'messages.update' end,
           case when n < 10 then 'invalid' else (array['accepted', 'duplicate', 'ignored'])[1 + n % 3] end,
           now() - (${ROWS} - n) * interval '1 day' / 1000
      from generate_series(1, ${ROWS}) n;
    alter table public.whatsapp_messages disable trigger user;
    -- No question of the report's, and most of the time that filling takes.
    drop index public.whatsapp_messages_words_idx;
    insert into public.conversations (state) select 'none' from generate_series(1, 5000);
    insert into public.whatsapp_messages
      (conversation_id, direction, kind, status, phone_number, text, whatsapp_id, media_state, media_error, updated_at)
    select 1 + n % 5000, 'incoming', 'incoming', 'received', '+39333' || lpad((n % 5000)::text, 7, '0'), repeat(md5(n::text), 8), 'id' || n,
           case when n % 100 = 0 then 'failed' end, case when n % 100 = 0 then 'gave_up' end, now() - interval '2 days'
      from generate_series(1, ${ROWS}) n;
    alter table public.whatsapp_messages enable trigger user;
    insert into public.whatsapp_attempts (message_id, lease_token, started_at, ended_at, outcome)
    select id, gen_random_uuid(), now(), now(), case when id % 2 = 0 then 'sent' else 'refused' end from public.whatsapp_messages;`);
  for (const table of ["webhook_requests", "whatsapp_messages", "whatsapp_attempts"]) {
    await world.query(`vacuum analyze public.${table}`);
  }
}, 180_000);
afterAll(() => world.close());

async function touched(sql: string): Promise<number> {
  type Plan = { "Shared Hit Blocks": number; "Shared Read Blocks": number };
  const [row] = await world.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
    `explain (analyze, buffers, timing off, format json) ${sql}`,
  );
  const plan = row?.["QUERY PLAN"][0].Plan;
  return (plan?.["Shared Hit Blocks"] ?? 0) + (plan?.["Shared Read Blocks"] ?? 0);
}

it("the whole report touches few pages", async () => {
  const report = "select public.health_report()";
  // The first one also reads what PostgreSQL needs to plan it.
  await world.query(report);
  const pages = await touched(report);
  for (const table of ["webhook_requests", "whatsapp_messages"]) {
    const all = await touched(`select count(t) from public.${table} t`);
    expect(all).toBeGreaterThan(5_000);
    expect(pages, table).toBeLessThan(all / 8);
  }
  expect(pages).toBeLessThan(1_000);
});

it("finds the same in them as by looking through all", async () => {
  const report = await healthReport(supabase(readConfig()));
  const count = async (where: string) => {
    const [row] = await world.query<{ n: number }>(
      `select count(*)::int as n from public.webhook_requests where source = 'wasender' and "timestamp" > now() - interval '1 day' and ${where}`,
    );
    return row?.n;
  };
  const { day, refused } = report.webhooks.wasender;
  expect(day.accepted).toBeGreaterThan(300);
  expect(day).toEqual({
    accepted: await count("outcome = 'accepted'"),
    duplicate: await count("outcome = 'duplicate'"),
    ignored: await count("outcome = 'ignored'"),
    invalid: 0,
  });
  expect(refused).toBeNull();
  expect(report.webhooks.cloudtalk).toMatchObject({ day: { accepted: 0, invalid: 0 }, refused: { id: 9 } });
  expect(report.wasender_events).toMatchObject({
    "messages.upsert": expect.stringMatching(/^\d{4}-/),
    "session.status": null,
  });
  expect(report.size.largest.map(({ name }) => name).sort()).toEqual([
    "public.webhook_requests",
    "public.whatsapp_attempts",
    "public.whatsapp_messages",
  ]);
});

it("has room in the three seconds that Supabase gives the public key", async () => {
  const env = { ...process.env, SUPABASE_KEY: world.supabase.publishableKey, SUPABASE_APP_SECRET: APP_SECRET };
  const before = performance.now();
  const findings = await checkHealth(env, false);
  expect(findings).toContainEqual(expect.objectContaining({ check: "migrations", status: "ok" }));
  expect(performance.now() - before).toBeLessThan(3_000);
});
