import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { checkClock, checkHistory } from "../../lib/health/check-clock.ts";
import { checkDatabase } from "../../lib/health/check-database.ts";
import { checkMigrations } from "../../lib/health/check-migrations.ts";
import { checkRefused } from "../../lib/health/check-refused.ts";
import { checkSize } from "../../lib/health/check-size.ts";
import { checkTraffic } from "../../lib/health/check-traffic.ts";
import { ago, inWords } from "../../lib/health/duration-words.ts";
import { MIGRATIONS } from "../../lib/health/migrations.ts";
import type { HealthReport } from "../../lib/supabase/health/health-report.ts";

const NOW = "2026-11-22T12:00:00+00:00";
const minutesAgo = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
const hash = (secret: string) => createHash("sha256").update(secret).digest("hex").slice(0, 16);

const CLOCK: HealthReport["clock"] = {
  available: true,
  job: { schedule: "5 seconds", active: true },
  log_job: true,
  last_run: { at: minutesAgo(0), status: "succeeded", message: "nothing due" },
  last_answer: null,
  outbox_url: "https://app.example/api/outbox",
  cron_secret: hash("tick"),
  due: false,
};
const WEBHOOKS = {
  last_at: minutesAgo(5),
  day: { accepted: 3, duplicate: 1, ignored: 0, invalid: 0 },
  refused: null,
  unauthorized: { count: 0, last_at: null },
};
const REPORT: HealthReport = {
  now: NOW,
  migrations: [...MIGRATIONS],
  tables: [],
  functions: [],
  open_functions: [],
  open_views: [],
  storage_policies: [],
  storage: true,
  bucket: { public: false },
  size: { bytes: 100 * 1024 * 1024, largest: [] },
  clock: CLOCK,
  sender: {
    rang_at: minutesAgo(5),
    heard_at: minutesAgo(5),
    paused_at: null,
    restricted_at: null,
    restricted_until: null,
    paused_reason: null,
    paused_message: null,
    session: "connected",
    session_at: minutesAgo(5),
    next_send_at: minutesAgo(5),
    first_sent_at: minutesAgo(60 * 24 * 3),
    last_sent_at: minutesAgo(5),
  },
  history: { started_at: minutesAgo(5), ok_at: minutesAgo(5), error: null, found: 0 },
  queue: { queued: 0, oldest_at: null, due_at: null, unknown: 0 },
  media_failed: 0,
  webhooks: { cloudtalk: WEBHOOKS, wasender: WEBHOOKS },
  wasender_events: {
    "messages.received": minutesAgo(5),
    "messages.upsert": null,
    "messages-personal.received": null,
    "messages.update": null,
    "message.sent": minutesAgo(5),
    "session.status": null,
  },
  unresolved_lids: 0,
  staff: 1,
};

describe("the clock", () => {
  const clock = (changes: Partial<HealthReport["clock"]>, sender: Partial<HealthReport["sender"]> = {}) =>
    checkClock({ ...REPORT, clock: { ...CLOCK, ...changes }, sender: { ...REPORT.sender, ...sender } }, ["tick"]);

  it("is well if it has rung, or nothing was due", () => {
    expect(clock({})).toMatchObject({ status: "ok", message: "Last ring: 5 minutes ago." });
    expect(clock({}, { heard_at: minutesAgo(70) })).toMatchObject({ status: "ok" });
    expect(clock({ available: false })).toMatchObject({ status: "ok" });
  });

  it.each([
    ["without a job", { job: null }, {}, "has no job", "cron.schedule"],
    ["that is switched off", { job: { schedule: "5 seconds", active: false } }, {}, "switched off", "cron.schedule"],
    ["without Vault's address", { outbox_url: null }, {}, "does not hold outbox_url", "npm run setup"],
    ["without Vault's secret", { cron_secret: null }, {}, "does not hold cron_secret", "npm run setup"],
    [
      "with an address that is none of ours",
      { outbox_url: "https://app.example" },
      {},
      "ends in /api/outbox",
      "npm run setup",
    ],
    ["with another secret", { cron_secret: hash("tock") }, {}, "is not the CRON_SECRET", "npm run setup"],
    [
      "whose rings do not arrive",
      { due: true, last_answer: { at: minutesAgo(1), status: 401, error: null } },
      { rang_at: minutesAgo(1), heard_at: minutesAgo(60) },
      "no ring arrives (last ring: 60 minutes ago; the last answer was 401)",
      "Deployment Protection",
    ],
    [
      "that does not ring",
      { due: true },
      { rang_at: minutesAgo(60), heard_at: minutesAgo(60) },
      "It does not ring",
      "History",
    ],
    [
      "that has been silent for long",
      {},
      { rang_at: minutesAgo(90), heard_at: minutesAgo(90) },
      "It does not ring",
      "History",
    ],
    ["that is not there", { available: false }, { heard_at: null }, "Nothing rings", "pg_cron"],
  ])("%s is named", (_, changes, sender, says, fix) => {
    expect(clock(changes, sender)).toEqual({
      check: "clock",
      status: "fail",
      message: expect.stringContaining(says),
      fix: expect.stringContaining(fix),
    });
  });

  it("is put there by what doctor says, word for word as the migration does it", async () => {
    const schema = await readFile(new URL("../../supabase/schemas/project/clock.sql", import.meta.url), "utf8");
    const scheduled = [...schema.matchAll(/perform (cron\.schedule\(.*\);)/g)].map(([, call]) => `select ${call}`);
    expect(scheduled).toHaveLength(2);
    expect(clock({ job: null }).fix).toBe(`In the SQL editor: ${scheduled.join(" ")}`);
    expect(clock({ available: false }, { heard_at: null }).fix).toContain(`: ${scheduled.join(" ")} `);
  });

  it("whose log nobody clears is named", () => {
    expect(clock({ log_job: false })).toEqual({
      check: "clock",
      status: "warn",
      message: expect.stringContaining("is never cleared: 3 MB a day"),
      fix: expect.stringContaining("select cron.schedule('outbox-clock-log'"),
    });
  });

  it("accepts each of several secrets", () => {
    expect(checkClock(REPORT, ["new", "tick"])).toMatchObject({ status: "ok" });
  });
});

describe("the database's size", () => {
  const MB = 1024 * 1024;
  const largest = [
    { name: "public.webhook_requests", bytes: 300 * MB },
    { name: "public.whatsapp_messages", bytes: 60 * MB },
    { name: "cron.job_run_details", bytes: 20 * MB },
  ];
  const size = (megabytes: number, limit: number | null = 500) =>
    checkSize({ ...REPORT, size: { bytes: megabytes * MB, largest } }, limit === null ? null : limit * MB);

  it.each([
    [399, 500, "ok", "The database has 399 MB of 500 MB (79 %)."],
    [400, 500, "warn", "The database has 400 MB of 500 MB (80 %)"],
    [474, 500, "warn", "(94 %)"],
    [475, 500, "fail", "(95 %)"],
    [900, 500, "fail", "(180 %)"],
    [475, 8192, "ok", "475 MB of 8192 MB (5 %)."],
    [475, null, "ok", "The database has 475 MB."],
  ])("%d MB of %s is %s", (megabytes, limit, status, says) => {
    expect(size(megabytes, limit)).toMatchObject({ check: "size", status, message: expect.stringContaining(says) });
  });

  it("says what grows, and what to do", () => {
    const { message, fix } = size(450);
    expect(message).toContain(
      "public.webhook_requests 300 MB, public.whatsapp_messages 60 MB, cron.job_run_details 20 MB",
    );
    expect(fix).toMatch(/WEBHOOK_RETENTION_DAYS.*files are in Storage, not here.*SUPABASE_DATABASE_LIMIT_MB/);
  });
});

describe("the call history", () => {
  const history = (changes: Partial<HealthReport["history"]>) =>
    checkHistory({ ...REPORT, history: { ...REPORT.history, ...changes } }, true);

  it("is nothing to speak of where it is not set up", () => {
    expect(checkHistory(REPORT, false)).toEqual([]);
  });
  it.each([
    [{}, "ok", "no webhook was missed"],
    [{ found: 3 }, "warn", "3 calls of the last 24 hours had no webhook"],
    [{ ok_at: minutesAgo(60) }, "warn", "was read 60 minutes ago"],
    [{ error: "CloudTalk refused." }, "warn", "CloudTalk refused."],
  ])("%j is %s", (changes, status, says) => {
    expect(history(changes)).toEqual([expect.objectContaining({ status, message: expect.stringContaining(says) })]);
  });
});

const tables = [
  "alerts cloudtalk_calls conversations staff staff_actions webhook_requests whatsapp_attempts whatsapp_lids whatsapp_messages whatsapp_receipts whatsapp_sender",
]
  .join(" ")
  .split(" ")
  .map((name) => ({ name, rls: true, open_policies: [] }));
const schema = (
  changes: Partial<HealthReport>,
  key: { key: string; appSecret: string | null } = { key: "sb_secret_1", appSecret: null },
) => checkDatabase({ ...REPORT, tables, ...changes }, { url: "https://abcd.supabase.co", ...key });

describe("the schema", () => {
  it("is complete and closed", () => {
    expect(schema({}).map(({ status }) => status)).toEqual(["ok", "ok", "ok"]);
  });
  it.each([
    ["a missing table", { tables: tables.slice(1) }, "migrations", "fail"],
    ["no count of migrations", { migrations: null }, "migrations", "warn"],
    ["a newer database", { migrations: [...MIGRATIONS, "20991231000000"] }, "migrations", "warn"],
    [
      "somebody else's open table",
      { tables: [...tables, { name: "notes", rls: false, open_policies: [] }] },
      "access",
      "warn",
    ],
    ["somebody else's open view", { open_views: [{ name: "public.all_notes", tables: ["notes"] }] }, "access", "warn"],
    [
      "a policy for everybody on Storage's files",
      { storage_policies: [{ name: "Allow all", conditions: ["true", "true"] }] },
      "access",
      "fail",
    ],
    [
      "a policy for our bucket",
      { storage_policies: [{ name: "Bills", conditions: ["(bucket_id = 'bills'::text)"] }] },
      "access",
      "fail",
    ],
    [
      "a policy for several buckets, ours among them",
      {
        storage_policies: [{ name: "Two", conditions: ["(bucket_id = ANY (ARRAY['avatars'::text, 'bills'::text]))"] }],
      },
      "access",
      "fail",
    ],
    [
      "a policy for another bucket, or for none",
      { storage_policies: [{ name: "Any", conditions: ["((bucket_id = 'avatars'::text) OR true)"] }] },
      "access",
      "fail",
    ],
    [
      "a policy for another bucket",
      {
        storage_policies: [
          { name: "Avatars", conditions: ["((bucket_id = 'avatars'::text) AND (auth.uid() = owner))"] },
          { name: "Two", conditions: ["(bucket_id = ANY (ARRAY['avatars'::text, 'logos'::text]))"] },
        ],
      },
      "access",
      "ok",
    ],
    ["a public bucket", { bucket: { public: true } }, "storage", "fail"],
    ["no bucket", { bucket: null }, "storage", "fail"],
    ["no storage", { storage: false, bucket: null }, "storage", "warn"],
  ])("with %s", (_, changes, check, status) => {
    expect(schema(changes)).toContainEqual(expect.objectContaining({ check, status }));
  });
});

describe("the migrations", () => {
  const last = MIGRATIONS.at(-1) ?? "";

  it("of the first version are recognised, with the commands that take its project over", () => {
    const finding = checkMigrations(["20261101000000", "20261101000100", ...MIGRATIONS]);
    expect(finding).toMatchObject({
      status: "fail",
      message: expect.stringContaining("2 migrations of this program's first"),
    });
    expect(finding.fix).toMatch(
      /migration repair --status reverted 20261101000000 20261101000100 --db-url.*; npx supabase db push --db-url.*; npm run replay -- --since \S+ --apply$/,
    );
  });
  it.each([
    ["all", MIGRATIONS, "ok", /All \d+ are applied/],
    ["none", [], "fail", /^Not applied: \d+/],
    ["all but the last", MIGRATIONS.slice(0, -1), "fail", new RegExp(`^Not applied: ${last}\\.`)],
    ["a later one", [...MIGRATIONS, "20991231000000"], "warn", /newer migration \(20991231000000\)/],
  ])("that are recorded: %s", (_, recorded, status, message) => {
    expect(checkMigrations(recorded)).toMatchObject({ status, message: expect.stringMatching(message) });
  });
});

describe("access with the public key", () => {
  it.each([
    ["sb_secret_1", null, "The app uses the secret key."],
    ["sb_publishable_1", "app-secret", "The app uses the public key with SUPABASE_APP_SECRET."],
    ["another", null, "The app uses a key of a kind that is not known."],
  ])("say which kind of key is used: %s", (key, appSecret, says) => {
    expect(schema({}, { key, appSecret })).toContainEqual(
      expect.objectContaining({ check: "access", status: "ok", message: expect.stringContaining(says) }),
    );
  });
});

describe("replies", () => {
  const told = (changes: Partial<HealthReport>) =>
    checkTraffic({ ...REPORT, ...changes }).filter(({ check }) => check === "replies" || check === "numbers");
  const events = (changes: Partial<HealthReport["wasender_events"]>) => ({
    wasender_events: { ...REPORT.wasender_events, "messages.received": null, ...changes },
  });
  const since = (minutes: number | null) => ({
    sender: { ...REPORT.sender, first_sent_at: minutes === null ? null : minutesAgo(minutes) },
  });

  it("of which no webhook ever told, a day after the first message, are named", () => {
    expect(told(events({}))).toEqual([
      {
        check: "replies",
        status: "warn",
        message: expect.stringContaining(
          "The first message was sent 3 days ago, and Wasender has never reported a reply",
        ),
        fix: expect.stringContaining("Tick messages.received and messages.upsert in Wasender's webhook"),
      },
    ]);
  });
  it.each([
    ["any of the three events came", events({ "messages.upsert": minutesAgo(5) })],
    ["the personal one came", events({ "messages-personal.received": minutesAgo(5) })],
    ["nothing was sent yet", { ...events({}), ...since(null) }],
    ["the first message is younger than a day", { ...events({}), ...since(60 * 23) }],
    [
      "no webhook has ever come, which is said already",
      { ...events({}), webhooks: { ...REPORT.webhooks, wasender: { ...WEBHOOKS, last_at: null } } },
    ],
  ])("are not, where %s", (_, changes) => {
    expect(told(changes)).toEqual([]);
  });
  it("whose sender's number WhatsApp does not tell are named, with what it means", () => {
    expect(told({ unresolved_lids: 2 })).toEqual([
      {
        check: "numbers",
        status: "warn",
        message: expect.stringMatching(/^2 senders have written .* is not marked\.$/),
        fix: expect.stringContaining("asked again by itself"),
      },
    ]);
  });
});

it("webhooks that stopped coming, and some that were refused, are told", () => {
  const told = (cloudtalk: Partial<typeof WEBHOOKS>) =>
    checkTraffic({ ...REPORT, webhooks: { ...REPORT.webhooks, cloudtalk: { ...WEBHOOKS, ...cloudtalk } } }).find(
      ({ check }) => check === "CloudTalk's webhooks",
    );
  expect(told({})).toMatchObject({ status: "ok", message: expect.stringContaining("The last one came 5 minutes ago") });
  expect(told({ last_at: minutesAgo(60 * 24 * 9) })).toMatchObject({
    status: "warn",
    message: "The last one came 9 days ago.",
  });
  expect(told({ day: { ...WEBHOOKS.day, invalid: 2 } })).toMatchObject({ status: "warn" });
});

it("the migrations that a deployment knows of are those of the repository", async () => {
  const files = await readdir(new URL("../../supabase/migrations/", import.meta.url));
  expect([...MIGRATIONS]).toEqual(files.map((file) => file.split("_")[0]).sort());
});

it("lengths of time are told in words", () => {
  expect([5_000, 119_000, 3_600_000, 7_200_000, 172_800_000].map(inWords)).toEqual([
    "5 seconds",
    "2 minutes",
    "60 minutes",
    "2 hours",
    "2 days",
  ]);
  expect(ago(null, NOW)).toBe("never");
});

describe("requests without the secret", () => {
  const refused = (count: number, last: string | null, webhook: string | null = minutesAgo(5)) =>
    checkRefused({
      ...REPORT,
      webhooks: {
        cloudtalk: WEBHOOKS,
        wasender: { ...WEBHOOKS, last_at: webhook, unauthorized: { count, last_at: last } },
      },
    });

  it("are no finding if there were none", () => {
    expect(refused(0, null)).toEqual([]);
  });

  it.each([
    ["since the last webhook", minutesAgo(90)],
    ["and no webhook has ever come", null],
  ])("%s mean another secret", (_, webhook) => {
    expect(refused(12, minutesAgo(3), webhook)).toEqual([
      {
        check: "Wasender's secret",
        status: "warn",
        message:
          "12 requests were refused since yesterday at the address of Wasender's webhooks, the last 3 minutes ago, and none was let in since: the secret at Wasender differs.",
        fix: expect.stringMatching(/WHATSAPP_WEBHOOK_SECRET: npm run setup prints it/),
      },
    ]);
  });

  it("are a stranger's, or of a sender that was forgotten, if webhooks come", () => {
    expect(refused(1, minutesAgo(10))).toEqual([
      {
        check: "Wasender's secret",
        status: "warn",
        message:
          "1 request was refused since yesterday at the address of Wasender's webhooks, the last 10 minutes ago; others were let in since.",
        fix: expect.stringMatching(/another session.*strangers knock/),
      },
    ]);
  });
});
