import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { GET } from "../../api/health.ts";
import { createWasenderSandbox, type WasenderSandbox } from "../../dev/wasender/sandbox.ts";
import { readConfig } from "../../lib/config.ts";
import type { Finding } from "../../lib/health/finding.ts";
import { supabase } from "../../lib/supabase/client.ts";
import { healthReport } from "../../lib/supabase/health/health-report.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
let wasender: WasenderSandbox;
/** Loaded anew for each test: what anybody is told is kept for 15 seconds. */
let get: typeof GET;

const SECRETS = {
  CLOUDTALK_WEBHOOK_SECRET: "cloudtalk-secret-of-the-test",
  WHATSAPP_WEBHOOK_SECRET: "wasender-secret-of-the-test",
  CRON_SECRET: "cron-secret-of-the-test",
};

beforeAll(async () => {
  world = await createWorld();
  wasender = await createWasenderSandbox({ apiKey: "key", webhookUrl: "http://127.0.0.1:9/", minIntervalMs: 0 });
});
afterAll(async () => {
  await wasender.close();
  await world.close();
});
beforeEach(async () => {
  await world.reset();
  Object.assign(process.env, SECRETS, {
    WHATSAPP_API_TOKEN: "key",
    WHATSAPP_API_URL: wasender.url,
    SUPABASE_URL: world.supabase.url,
    SUPABASE_KEY: world.supabase.secretKey,
  });
  await world.query("update public.whatsapp_sender set heard_at = now()");
  vi.resetModules();
  ({ GET: get } = await import("../../api/health.ts"));
});
afterEach(() => {
  for (const name of [...Object.keys(SECRETS), "WHATSAPP_API_TOKEN", "WHATSAPP_API_URL"]) {
    delete process.env[name];
  }
});

async function ask(secret?: string) {
  const headers: Record<string, string> = secret ? { authorization: `Bearer ${secret}` } : {};
  const response = await get(new Request("http://localhost/api/health", { headers }));
  return { status: response.status, cache: response.headers.get("cache-control"), body: await response.json() };
}
const inside = async () => {
  const { status, body } = await ask(SECRETS.CRON_SECRET);
  return { status, findings: body.findings as Finding[] };
};

describe("to anybody", () => {
  it.each([undefined, "wrong"])("says whether all is well, and nothing else (%s)", async (secret) => {
    expect(await ask(secret)).toEqual({ status: 200, cache: "no-store", body: { status: "ok" } });
  });

  it("says so where it is not", async () => {
    await world.query("update public.whatsapp_sender set paused_at = now(), paused_reason = 'session'");
    expect(await ask()).toEqual({ status: 503, cache: "no-store", body: { status: "fail" } });
  });

  it("asks the database once for many who ask, and Wasender never", async () => {
    await Promise.all(Array.from({ length: 20 }, () => ask()));
    await world.query("update public.whatsapp_sender set paused_at = now(), paused_reason = 'session'");
    expect((await ask()).status).toBe(200);
    expect(wasender.sends).toEqual([]);
  });

  it.each(["SUPABASE_URL", "SUPABASE_KEY"])("answers even where %s is missing", async (name) => {
    delete process.env[name];
    expect(await ask()).toMatchObject({ status: 503, body: { status: "fail" } });
  });

  it("is closed on a deployment without CRON_SECRET", async () => {
    delete process.env.CRON_SECRET;
    vi.stubEnv("LOCAL_DEVELOPMENT", "");
    expect(await ask()).toEqual({ status: 503, cache: "no-store", body: { status: "fail" } });
  });
});

it("what no caller of ours sends is refused, with the one line that every request has", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const long = await get(new Request(`http://localhost/api/health?x=${"x".repeat(9_000)}`));
  const large = await get(new Request("http://localhost/api/health", { headers: { "x-a": "a".repeat(33_000) } }));
  expect([long.status, large.status]).toEqual([414, 431]);
  expect(warned.mock.calls.map(([line]) => JSON.parse(line))).toMatchObject([
    { event: "health", status: 414, outcome: "url_too_long" },
    { event: "health", status: 431, outcome: "headers_too_large" },
  ]);
  vi.restoreAllMocks();
});

describe("to whoever has CRON_SECRET", () => {
  it("says everything, and each finding that is not well how to mend it", async () => {
    const { status, findings } = await inside();
    expect(status).toBe(200);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["variables", "migrations", "access", "clock", "sending", "queue", "staff", "Wasender"]),
    );
    for (const finding of findings) {
      expect(finding.fix === null, JSON.stringify(finding)).toBe(finding.status === "ok");
    }
  });

  it("names the variable that is missing", async () => {
    delete process.env.SUPABASE_KEY;
    const { status, findings } = await inside();
    expect(status).toBe(503);
    expect(findings).toContainEqual(expect.objectContaining({ check: "SUPABASE_KEY", status: "fail" }));
  });

  it("gives away no secret and no number", async () => {
    const { POST } = await import("../../api/webhook/cloudtalk.ts");
    const authorization = `Bearer ${SECRETS.CLOUDTALK_WEBHOOK_SECRET}`;
    await POST(jsonRequest("/webhook/cloudtalk", { nothing: "+393330000001" }, { authorization }));
    const text = JSON.stringify((await inside()).findings);
    expect(text).toContain("was refused");
    for (const secret of [...Object.values(SECRETS), world.supabase.secretKey, "3330000001"]) {
      expect(text).not.toContain(secret);
    }
  });
});

it("other methods are refused", async () => {
  const { POST } = await import("../../api/health.ts");
  expect(POST(new Request("http://localhost/api/health", { method: "POST" })).status).toBe(405);
});

describe("the report", () => {
  it("tells when each of Wasender's events came last, by an index", async () => {
    await world.query(`
      insert into public.webhook_requests (source, method, path, url, outcome, event_type, "timestamp") values
        ('wasender', 'POST', '/', '/', 'accepted', 'messages.upsert', '2026-01-01T00:00:00Z'),
        ('wasender', 'POST', '/', '/', 'duplicate', 'messages.upsert', '2026-01-02T00:00:00Z'),
        ('wasender', 'POST', '/', '/', 'accepted', 'session.status', '2026-01-03T00:00:00Z')`);
    const report = await healthReport(supabase(readConfig()));
    const { "messages.upsert": upsert, "session.status": session, ...others } = report.wasender_events;
    expect([upsert, session].map((at) => at && new Date(at).toISOString())).toEqual([
      "2026-01-02T00:00:00.000Z",
      "2026-01-03T00:00:00.000Z",
    ]);
    expect(new Set(Object.values(others))).toEqual(new Set([null]));
    await world.query(`
      insert into public.webhook_requests (source, method, path, url, outcome, event_type)
      select 'wasender', 'POST', '/', '/', 'accepted', 'messages.update' from generate_series(1, 5000)`);
    await world.query("analyze public.webhook_requests");
    const plan = await world.query<{ "QUERY PLAN": string }>(`
      explain select e.kind, (select r."timestamp" from public.webhook_requests r
                               where r.source = 'wasender' and r.event_type = e.kind order by r.id desc limit 1)
        from (values ('messages.received'), ('messages.upsert')) as e (kind)`);
    expect(plan.map((line) => line["QUERY PLAN"]).join("\n")).toContain("using webhook_requests_event_idx");
  });

  it("is not for the public key", async () => {
    for (const name of ["health_report", "read_webhooks", "claim_alerts", "unknown_calls"]) {
      const response = await fetch(`${world.supabase.url}/rest/v1/rpc/${name}`, {
        method: "POST",
        headers: { apikey: world.supabase.publishableKey, "content-type": "application/json" },
        body: name === "health_report" ? "{}" : '{"p_after":0,"p_limit":1,"p_lease_ms":1,"p_calls":[]}',
      });
      expect(response.ok, name).toBe(false);
    }
  });
});
