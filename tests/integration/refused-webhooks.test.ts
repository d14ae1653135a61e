import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { readConfig } from "../../lib/config.ts";
import { checkRefused } from "../../lib/health/check-refused.ts";
import { writeRefusals } from "../../lib/health/refused-webhooks.ts";
import { supabase } from "../../lib/supabase/client.ts";
import { healthReport } from "../../lib/supabase/health/health-report.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
/** What a function's clock shows: so much later than it is. In milliseconds. */
let later = 0;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  vi.stubEnv("CLOUDTALK_WEBHOOK_SECRET", "cloudtalk-secret-of-the-test");
  vi.stubEnv("WHATSAPP_WEBHOOK_SECRET", "wasender-secret-of-the-test");
  // Longer than between two writes, since the test before.
  later += 120_000;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => now() + later);
  // Of what other tests in this process left to count.
  await writeRefusals(supabase(readConfig()));
  await world.reset();
});
afterEach(() => vi.restoreAllMocks());

const BODY = { event: "call", data: { words: "Buongiorno +393330000001" } };
const knock = async (post: typeof postMessage, headers: Record<string, string> = {}) => {
  const { status } = await post(jsonRequest("/api/whatsapp-webhook", BODY, { "x-real-ip": "203.0.113.7", ...headers }));
  return status;
};
const counts = async () => {
  await world.settled();
  return world.query<Record<string, unknown>>("select source, count from private.refused_webhooks order by source");
};

it("are counted by their source and day, and nothing else of them is kept", async () => {
  expect(await knock(postMessage)).toBe(401);
  expect(await knock(postMessage, { "x-webhook-signature": "another" })).toBe(401);
  expect(await knock(postCall)).toBe(401);
  await counts();
  later += 60_000;
  expect(await knock(postMessage)).toBe(401);
  expect(await counts()).toEqual([
    { source: "cloudtalk", count: 1 },
    { source: "wasender", count: 3 },
  ]);
  expect(await world.query("select 1 from public.webhook_requests")).toEqual([]);
  const [row] = await world.query<object>("select * from private.refused_webhooks");
  expect(Object.keys(row ?? {})).toEqual(["source", "day", "count", "last_at"]);
});

it("are written at the first, and then once a minute, however many come", async () => {
  await knock(postMessage);
  expect(await counts()).toEqual([{ source: "wasender", count: 1 }]);
  for (let n = 0; n < 20; n++) await knock(postMessage);
  later += 50_000;
  await knock(postMessage);
  expect(await counts()).toEqual([{ source: "wasender", count: 1 }]);
  later += 10_000;
  await knock(postMessage);
  expect(await counts()).toEqual([{ source: "wasender", count: 23 }]);
});

it("are not forgotten if the database does not answer", async () => {
  vi.stubEnv("SUPABASE_URL", "http://127.0.0.1:9");
  expect(await knock(postMessage)).toBe(401);
  await world.settled();
  vi.unstubAllEnvs();
  vi.stubEnv("WHATSAPP_WEBHOOK_SECRET", "wasender-secret-of-the-test");
  later += 60_000;
  await knock(postMessage);
  expect(await counts()).toEqual([{ source: "wasender", count: 2 }]);
});

it("are none if the secret is right, or none is set", async () => {
  expect(await knock(postMessage, { "x-webhook-signature": "wasender-secret-of-the-test" })).toBe(200);
  vi.stubEnv("CLOUDTALK_WEBHOOK_SECRET", "");
  vi.stubEnv("LOCAL_DEVELOPMENT", "");
  expect(await knock(postCall)).toBe(503);
  expect(await counts()).toEqual([]);
});

describe("doctor", () => {
  const found = async () => checkRefused(await healthReport(supabase(readConfig())));

  it("reads those since yesterday, whatever the day is where it runs", async () => {
    await world.query(`
      insert into private.refused_webhooks (source, day, count, last_at)
      select 'wasender', (now() at time zone 'UTC')::date - n, 10, now() - n * interval '1 day' from generate_series(0, 3) n`);
    expect(await found()).toMatchObject([
      { check: "Wasender's secret", status: "warn", message: expect.stringMatching(/^20 requests were refused/) },
    ]);
  });

  it("says whether others are let in", async () => {
    await knock(postMessage);
    await world.settled();
    expect(await found()).toMatchObject([{ message: expect.stringContaining("none was let in since") }]);
    await knock(postMessage, { "x-webhook-signature": "wasender-secret-of-the-test" });
    expect(await found()).toMatchObject([{ message: expect.stringContaining("others were let in since") }]);
  });
});

it("are forgotten after a week", async () => {
  await world.query(`
    insert into private.refused_webhooks (source, day, count)
    select 'wasender', (now() at time zone 'UTC')::date - n, 1 from generate_series(0, 10) n`);
  await world.query("update public.whatsapp_sender set sweep_at = now()");
  await world.query("select public.claim_sweep(10)");
  expect(await counts()).toHaveLength(8);
});
