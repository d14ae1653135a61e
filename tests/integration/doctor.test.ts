import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET as health } from "../../api/health.ts";
import { type LocalServer, serve } from "../../dev/serve.ts";
import { startSupabase } from "../../dev/supabase.ts";
import { createWasenderSandbox, type WasenderSandbox } from "../../dev/wasender/sandbox.ts";
import { checkHealth } from "../../lib/health/check-health.ts";
import type { Finding } from "../../lib/health/finding.ts";
import { openTestDatabase } from "../helpers/test-database.ts";
import { createWorld, type World } from "../helpers/world.ts";

const CRON_SECRET = "cron-secret-of-the-test";
/** What pg_cron, pg_net and Vault show, where they are. */
const CLOCK = `
  create schema cron;
  create table cron.job (jobid bigint, jobname text, schedule text, active boolean);
  create table cron.job_run_details (jobid bigint, runid bigint, status text, return_message text, start_time timestamptz);
  create schema net;
  create table net._http_response (id bigint, status_code integer, error_msg text, created timestamptz);
  create schema vault;
  create table vault.decrypted_secrets (name text, decrypted_secret text);`;

let world: World;
let wasender: WasenderSandbox;
beforeAll(async () => {
  world = await createWorld();
  await world.database.exec(CLOCK);
  wasender = await createWasenderSandbox({ apiKey: "key", webhookUrl: "http://127.0.0.1:9/", minIntervalMs: 0 });
  await world.signIn();
});
afterAll(async () => {
  await wasender.close();
  await world.close();
});
beforeEach(async () => {
  await world.reset();
  await world.query("update public.whatsapp_sender set heard_at = now()");
});
afterEach(() => wasender.setSession("connected"));

type Env = Record<string, string | undefined>;
const complete = (): Env => ({
  SUPABASE_URL: world.supabase.url,
  SUPABASE_KEY: world.supabase.secretKey,
  CLOUDTALK_WEBHOOK_SECRET: "cloudtalk-secret-of-the-test",
  WHATSAPP_WEBHOOK_SECRET: "wasender-secret-of-the-test",
  CRON_SECRET,
  WHATSAPP_API_TOKEN: "key",
  WHATSAPP_API_URL: wasender.url,
});

/** What `npm run doctor -- …` runs, with nothing else in its environment. */
function doctor(env: Env, ...args: string[]): Promise<{ code: number; out: string }> {
  const { PATH, HOME } = process.env;
  return new Promise((done) => {
    execFile(
      process.execPath,
      ["scripts/doctor.ts", ...args],
      { env: { PATH, HOME, ...env } },
      (error, stdout, stderr) => done({ code: error ? Number(error.code) : 0, out: stdout + stderr }),
    );
  });
}
/** What `npm run doctor -- --json` prints of that environment, as a test shows. */
const findings = (env: Env): Promise<Finding[]> => checkHealth(env, true);
const jwt = (claims: object) => `eyJ.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;
const webhook = (source: string, outcome: string, ago: string) =>
  world.query(`
    insert into public.webhook_requests (source, method, path, url, outcome, outcome_detail, "timestamp")
    values ('${source}', 'POST', '/', '/', '${outcome}', 'Looked for a call''s id.', now() - interval '${ago}')`);

it("finds nothing wrong with a good set-up", async () => {
  await webhook("cloudtalk", "accepted", "1 minute");
  await webhook("wasender", "accepted", "1 minute");
  const { code, out } = await doctor(complete());
  expect(out).toContain("✓ variables");
  expect(out).toMatch(/✓ migrations +All \d+ are applied/);
  expect(out).toContain("The key works and the session is connected.");
  expect(out).toContain(", 0 wrong.");
  expect(code).toBe(0);
});

it("compares WHATSAPP_NUMBER with the session's number, if it may ask", async () => {
  const ask = { WHATSAPP_PERSONAL_TOKEN: "personal-token-of-the-sandbox", WHATSAPP_SESSION_ID: "1" };
  const found = async (env: Env) =>
    (await findings({ ...complete(), ...env })).find(({ check }) => check === "WHATSAPP_NUMBER");
  expect(await found(ask)).toBeUndefined();
  expect(await found({ WHATSAPP_NUMBER: "+393330000000" })).toBeUndefined();
  expect(await found({ ...ask, WHATSAPP_NUMBER: "+39 333 000 0000" })).toMatchObject({ status: "ok" });
  expect(await found({ ...ask, WHATSAPP_NUMBER: "+393330000001" })).toMatchObject({
    status: "fail",
    message: expect.stringContaining("the session's number is +393330000000"),
  });
  expect(await found({ ...ask, WHATSAPP_PERSONAL_TOKEN: "wrong", WHATSAPP_NUMBER: "+393330000001" })).toMatchObject({
    status: "ok",
    message: expect.stringContaining("does not tell"),
  });
  expect(await found({ WHATSAPP_NUMBER: "333 000 0000" })).toMatchObject({ status: "fail" });
});

type Broken = {
  name: string;
  env?: () => Env;
  sql?: string;
  mend?: string;
  prepare?: () => void;
  check: string;
  status?: Finding["status"];
  says: string | RegExp;
  fix: string | RegExp;
};
const BROKEN: Broken[] = [
  {
    name: "no key of Supabase's",
    env: () => ({ SUPABASE_KEY: "" }),
    check: "SUPABASE_KEY",
    says: "is not set",
    fix: "Set SUPABASE_KEY",
  },
  {
    name: "the dashboard's address",
    env: () => ({ SUPABASE_URL: "https://supabase.com/dashboard/project/abcd" }),
    check: "SUPABASE_URL",
    says: "the address of Supabase's dashboard",
    fix: "https://abcd.supabase.co",
  },
  {
    name: "the public key",
    env: () => ({ SUPABASE_KEY: world.supabase.publishableKey }),
    check: "SUPABASE_KEY",
    says: "is the project's public key",
    fix: "Set SUPABASE_KEY",
  },
  {
    name: "an old public key",
    env: () => ({ SUPABASE_KEY: jwt({ role: "anon" }) }),
    check: "SUPABASE_KEY",
    says: "is the project's public key",
    fix: "Set SUPABASE_KEY",
  },
  {
    name: "the public key with a secret that the database does not know",
    env: () => ({ SUPABASE_KEY: world.supabase.publishableKey, SUPABASE_APP_SECRET: "a".repeat(32) }),
    check: "database",
    says: "does not know SUPABASE_APP_SECRET",
    fix: "private.add_app_secret",
  },
  {
    name: "another project's key",
    env: () => ({ SUPABASE_URL: "https://abcd.supabase.co", SUPABASE_KEY: jwt({ role: "service_role", ref: "efgh" }) }),
    check: "SUPABASE_KEY",
    says: "is of the project efgh",
    fix: "from the same project",
  },
  {
    name: "a Supabase that does not answer",
    env: () => ({ SUPABASE_URL: "http://127.0.0.1:9" }),
    check: "database",
    says: "127.0.0.1:9 does not answer",
    fix: "paused",
  },
  {
    name: "a migration that is not applied",
    sql: "delete from supabase_migrations.schema_migrations where version = '20261123150400'",
    mend: "insert into supabase_migrations.schema_migrations (version, name) values ('20261123150400', 'project')",
    check: "migrations",
    says: "Not applied: 20261123150400.",
    fix: "npx supabase db push",
  },
  {
    name: "a table without row level security",
    sql: "alter table public.cloudtalk_calls disable row level security",
    mend: "alter table public.cloudtalk_calls enable row level security",
    check: "access",
    says: "row level security is off on cloudtalk_calls",
    fix: "alter table public.cloudtalk_calls enable row level security;",
  },
  {
    name: "a policy for everybody",
    sql: `create policy "Allow all operations on calls" on public.cloudtalk_calls for all using (true)`,
    mend: `drop policy "Allow all operations on calls" on public.cloudtalk_calls`,
    check: "access",
    says: 'the policy "Allow all operations on calls" opens cloudtalk_calls',
    fix: 'drop policy "Allow all operations on calls" on public.cloudtalk_calls;',
  },
  {
    name: "a function for everybody",
    sql: "create function public.all_calls() returns setof public.cloudtalk_calls language sql security definer as 'select * from public.cloudtalk_calls'",
    mend: "drop function public.all_calls()",
    check: "access",
    says: "all_calls() can be called with the public key",
    fix: "revoke execute on function public.all_calls()",
  },
  {
    name: "a view that shows a table to everybody, by way of another view",
    sql: `create view public.inner_calls as select * from public.cloudtalk_calls;
          revoke all on public.inner_calls from anon, authenticated;
          create view public."Open calls" as select phone_number from public.inner_calls`,
    mend: `drop view public."Open calls"; drop view public.inner_calls`,
    check: "access",
    says: /: the view public\."Open calls" shows cloudtalk_calls\.$/,
    fix: 'revoke select on public."Open calls" from public, anon, authenticated;',
  },
  {
    name: "a materialized view of the messages",
    sql: "create materialized view public.texts as select text from public.whatsapp_messages",
    mend: "drop materialized view public.texts",
    check: "access",
    says: "the view public.texts shows whatsapp_messages",
    fix: "revoke select on public.texts",
  },
  {
    name: "one column of a view for whoever is signed in",
    sql: `create view public.names as select customer_name from public.cloudtalk_calls;
          revoke all on public.names from anon, authenticated;
          grant select (customer_name) on public.names to authenticated`,
    mend: "drop view public.names",
    check: "access",
    says: "the view public.names shows cloudtalk_calls",
    fix: "revoke select on public.names",
  },
  {
    name: "another program's view",
    sql: "create view public.something as select 1 as one",
    mend: "drop view public.something",
    check: "access",
    status: "warn",
    says: "Ours are closed, but other tables of this project are open: the view public.something.",
    fix: "revoke select on public.something",
  },
  {
    name: "a policy for everybody on Storage's files",
    sql: `create policy "Allow all" on storage.objects for all using (true)`,
    mend: `drop policy "Allow all" on storage.objects`,
    check: "access",
    says: `the policy "Allow all" opens Storage's bucket "bills"`,
    fix: 'drop policy "Allow all" on storage.objects;',
  },
  {
    name: "a database that is fuller than its plan allows",
    env: () => ({ SUPABASE_DATABASE_LIMIT_MB: "5" }),
    check: "size",
    says: /^The database has \d+ MB of 5 MB \(\d{3} %\).* The largest tables: \S+ \d MB, \S+ \d MB, \S+ \d MB\.$/,
    fix: "WEBHOOK_RETENTION_DAYS",
  },
  {
    name: "no clock",
    sql: "update public.whatsapp_sender set heard_at = null",
    check: "clock",
    says: "Nothing rings POST /api/outbox (last ring: never)",
    fix: "pg_cron",
  },
  {
    name: "Wasender's personal token instead of the session's key",
    env: () => ({ WHATSAPP_API_TOKEN: "personal" }),
    check: "Wasender",
    says: "refuses the key (401)",
    fix: "not a personal token",
  },
  {
    name: "no key of Wasender's",
    env: () => ({ WHATSAPP_API_TOKEN: undefined }),
    check: "WHATSAPP_API_TOKEN",
    says: "messages are queued and wait",
    fix: "API Key",
  },
  {
    name: "another address for Wasender",
    env: () => ({ WHATSAPP_API_URL: `${wasender.url.replace(/\/api$/, "")}/nothing/api` }),
    check: "Wasender",
    says: "and not with a session's state",
    fix: "https://www.wasenderapi.com/api",
  },
  {
    name: "a phone that is not linked",
    prepare: () => wasender.setSession("need_scan"),
    check: "Wasender",
    says: "not connected (need_scan)",
    fix: "QR",
  },
  {
    name: "a pause that Wasender caused",
    sql: "update public.whatsapp_sender set paused_at = now() - interval '3 hours', paused_reason = 'configuration', paused_message = 'Active subscription or trial is required'",
    check: "sending",
    says: "Paused 3 hours ago: Wasender refuses us (Active subscription or trial is required)",
    fix: "subscription",
  },
  {
    name: "a pause by staff",
    sql: "update public.whatsapp_sender set paused_at = now(), paused_reason = 'staff', paused_message = 'Anna'",
    check: "sending",
    status: "warn",
    says: "Anna paused it",
    fix: "resume",
  },
  {
    name: "webhooks in a form that is not understood",
    sql: `insert into public.webhook_requests (source, method, path, url, outcome, outcome_detail) values ('cloudtalk', 'POST', '/', '/', 'invalid', 'Looked for a call''s id.')`,
    check: "CloudTalk's webhooks",
    says: /The last one \(\d seconds ago\) was refused: Looked for a call's id\./,
    fix: "npm run replay -- --invalid",
  },
  {
    name: "a queue that nobody works on",
    sql: `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at, created_at)
          values ('outgoing', 'reply', 'queued', '+393330000001', 'Ciao', now() - interval '40 minutes', now() - interval '40 minutes');
          update public.whatsapp_sender set next_send_at = now() - interval '40 minutes'`,
    check: "queue",
    says: "1 messages wait, the oldest was queued 40 minutes ago, and nothing sends them",
    fix: "ring POST /api/outbox",
  },
  {
    name: "messages of unknown outcome",
    sql: `insert into public.whatsapp_messages (direction, kind, status, phone_number, text) values ('outgoing', 'reply', 'unknown', '+393330000001', 'Ciao')`,
    check: "queue",
    status: "warn",
    says: "It is unknown whether 1 messages were sent",
    fix: "Da verificare",
  },
  {
    name: "a Wasender webhook without the events that bring replies",
    sql: `insert into public.whatsapp_messages (direction, kind, status, phone_number, text) values ('outgoing', 'reply', 'sent', '+393330000001', 'Ciao');
          insert into public.whatsapp_attempts (message_id, lease_token, started_at, ended_at, outcome)
          values (1, gen_random_uuid(), now() - interval '2 days', now() - interval '2 days', 'sent');
          insert into public.webhook_requests (source, method, path, url, outcome, event_type)
          values ('wasender', 'POST', '/', '/', 'accepted', 'message.sent'), ('wasender', 'POST', '/', '/', 'accepted', 'session.status')`,
    check: "replies",
    status: "warn",
    says: "The first message was sent 2 days ago, and Wasender has never reported a reply",
    fix: "Tick messages.received and messages.upsert",
  },
  {
    name: "a reply whose sender's number WhatsApp does not tell",
    sql: `insert into public.whatsapp_lids (lid) values ('11@lid'), ('12@lid'), ('13@lid');
          insert into public.whatsapp_messages (direction, kind, status, lid, text, created_at) values
            ('incoming', 'incoming', 'received', '11@lid', 'Ecco', now() - interval '2 hours'),
            ('incoming', 'incoming', 'received', '12@lid', 'Ecco', now())`,
    check: "numbers",
    status: "warn",
    says: "1 sender has written without WhatsApp telling their number",
    fix: "asked again",
  },
  {
    name: "half of what reading the history needs",
    env: () => ({ CLOUDTALK_API_KEY_ID: "id" }),
    check: "CLOUDTALK_API_SECRET",
    status: "warn",
    says: "call history is not read",
    fix: "Set both",
  },
  {
    name: "a history that refuses its key",
    env: () => ({ CLOUDTALK_API_KEY_ID: "id", CLOUDTALK_API_SECRET: "wrong" }),
    sql: "update public.whatsapp_sender set reconcile_error = 'CloudTalk refused the key (401).'",
    check: "call history",
    status: "warn",
    says: "could not be read: CloudTalk refused the key (401).",
    fix: "API keys",
  },
  {
    name: "one secret for two endpoints, and a short one",
    env: () => ({ CRON_SECRET: "tick", WHATSAPP_WEBHOOK_SECRET: "tick" }),
    check: "secrets",
    status: "warn",
    says: "Two of the secrets are the same",
    fix: "one each",
  },
  {
    name: "a deployment without its secrets",
    env: () => ({ CLOUDTALK_WEBHOOK_SECRET: "" }),
    check: "CLOUDTALK_WEBHOOK_SECRET",
    says: "without it every request is refused",
    fix: "npm run setup",
  },
];

describe("names what is wrong, and how to mend it:", () => {
  it.each(BROKEN)("$name", async ({ env, sql, mend, prepare, check, status = "fail", says, fix }) => {
    prepare?.();
    if (sql) await world.database.exec(sql);
    try {
      const found = await findings({ ...complete(), ...env?.() });
      const matching = typeof says === "string" ? expect.stringContaining(says) : expect.stringMatching(says);
      expect(found).toContainEqual({
        check,
        status,
        message: matching,
        fix: typeof fix === "string" ? expect.stringContaining(fix) : expect.stringMatching(fix),
      });
      // And nothing else.
      const alarms = found.filter((finding) => finding.status === "fail");
      expect(alarms.map((finding) => finding.check)).toEqual(status === "fail" ? [check] : []);
    } finally {
      if (mend) await world.database.exec(mend);
    }
  });

  it.each([
    [
      "without the tables",
      "drop function public.health_report()",
      "the migrations are not applied",
      /npx supabase db push --db-url/,
    ],
    [
      "of this program's first version, whose report says less",
      `create or replace function public.health_report() returns jsonb language sql as
         $$ select '{"migrations": ["20261101000000"]}'::jsonb $$`,
      "1 migrations of this program's first version",
      /migration repair --status reverted 20261101000000 /,
    ],
  ])("a database %s", async (_, sql, says, fix) => {
    const database = await openTestDatabase();
    await database.exec(sql);
    const bare = await startSupabase(database);
    try {
      const found = await findings({ ...complete(), SUPABASE_URL: bare.url, SUPABASE_KEY: bare.secretKey });
      expect(found.filter(({ status }) => status === "fail")).toEqual([
        {
          check: "migrations",
          status: "fail",
          message: expect.stringContaining(says),
          fix: expect.stringMatching(fix),
        },
      ]);
    } finally {
      await bare.close();
      await database.close();
    }
  });

  it("nobody who may sign in", async () => {
    const [colleague] = await world.query<{ user_id: string }>("select user_id from public.staff");
    await world.query("delete from public.staff");
    expect(await findings(complete())).toContainEqual(expect.objectContaining({ check: "staff", status: "warn" }));
    await world.query(`insert into public.staff (user_id, name) values ('${colleague?.user_id}', 'Anna')`);
  });
});

it("a view that asks with its reader's rights, a closed one and another bucket's policy give no access", async () => {
  await world.database.exec(`
    create view public.as_reader with (security_invoker) as select * from public.cloudtalk_calls;
    create view public.closed as select * from public.cloudtalk_calls;
    revoke all on public.closed from anon, authenticated;
    create policy "Avatars" on storage.objects for select using (bucket_id = 'avatars');`);
  try {
    const doors = (await findings(complete())).find(({ check }) => check === "access");
    expect(doors).toMatchObject({ status: "ok", message: expect.stringMatching(/The app uses the secret key\.$/) });
  } finally {
    await world.database.exec('drop view public.as_reader, public.closed; drop policy "Avatars" on storage.objects');
  }
});

describe("with the public key", () => {
  const appSecret = "a-secret-of-the-app-for-this-test";
  const withPublicKey = (url: string) =>
    findings({
      ...complete(),
      SUPABASE_URL: url,
      SUPABASE_KEY: world.supabase.publishableKey,
      SUPABASE_APP_SECRET: appSecret,
    });
  const files = () => world.query("select name from storage.objects");
  beforeAll(() => world.query(`select private.add_app_secret('${appSecret}')`));

  it("says so, keeps a file, reads and removes it", async () => {
    const handing = await startSupabase(world.database, undefined, { storageHeaders: true });
    try {
      const found = await withPublicKey(handing.url);
      expect(found.find(({ check }) => check === "access")).toMatchObject({
        status: "ok",
        message: expect.stringContaining("The app uses the public key with SUPABASE_APP_SECRET."),
      });
      expect(found).toContainEqual(expect.objectContaining({ check: "public key", status: "ok" }));
      expect(await files()).toEqual([]);
    } finally {
      await handing.close();
    }
  });

  it("says what to do where Storage's policies do not see the app's secret", async () => {
    const found = await withPublicKey(world.supabase.url);
    expect(found.filter(({ status }) => status === "fail")).toEqual([
      {
        check: "public key",
        status: "fail",
        message: expect.stringContaining("does not hand SUPABASE_APP_SECRET on to its policies"),
        fix: expect.stringMatching(
          /^Use the secret key: SUPABASE_KEY=sb_secret_….* here and on Vercel, and deploy again\.$/,
        ),
      },
    ]);
    expect(await files()).toEqual([]);
  });

  it("stores no file for a caller without a secret", async () => {
    const env = { ...complete(), SUPABASE_KEY: world.supabase.publishableKey, SUPABASE_APP_SECRET: appSecret };
    const found = await checkHealth(env, false);
    expect(found).toContainEqual(expect.objectContaining({ check: "access", status: "ok" }));
    expect(found.map(({ check }) => check)).not.toContain("public key");
  });
});

it("looks at a database without Supabase Storage", async () => {
  await world.database.exec("alter schema storage rename to elsewhere");
  try {
    const found = await findings(complete());
    expect(found).toContainEqual(expect.objectContaining({ check: "access", status: "ok" }));
    expect(found).toContainEqual(expect.objectContaining({ check: "storage", status: "warn" }));
  } finally {
    await world.database.exec("alter schema elsewhere rename to storage");
  }
});

describe("a deployment", () => {
  let app: LocalServer;
  let answer: (request: Request) => Response | Promise<Response>;
  beforeAll(async () => {
    app = await serve((request) => answer(request));
  });
  afterAll(() => app.close());
  beforeEach(() => {
    answer = (request) =>
      new URL(request.url).pathname === "/api/health" ? health(request) : new Response(null, { status: 405 });
    Object.assign(process.env, complete());
  });
  afterEach(() => {
    for (const name of Object.keys(complete())) if (!name.startsWith("SUPABASE")) delete process.env[name];
  });
  const remote = (env: Env = { CRON_SECRET }) => doctor(env, "--url", `${app.url}/monitor`);

  it("tells what it knows to whoever has its CRON_SECRET", async () => {
    const { code, out } = await remote();
    expect(out).toContain("✓ migrations");
    expect(out).toContain("✓ addresses");
    expect(code).toBe(0);
  });

  it("that is not well gives exit code 1", async () => {
    await world.query("update public.whatsapp_sender set paused_at = now(), paused_reason = 'session'");
    const { code, out } = await remote();
    expect(out).toContain("✗ sending");
    expect(out).toContain("→ Wasender, Sessions, your session: connect");
    expect(code).toBe(1);
  });

  it("with another CRON_SECRET is named", async () => {
    const { code, out } = await remote({ CRON_SECRET: "another" });
    expect(out).toContain("The deployment does not accept this CRON_SECRET");
    expect(code).toBe(1);
  });

  it("behind Vercel's own sign-in is named", async () => {
    answer = () => new Response("<html>Authentication Required</html>", { status: 401 });
    const { code, out } = await remote();
    expect(out).toContain("Deployment Protection");
    expect(code).toBe(1);
  });

  it("that is somebody else's is named", async () => {
    answer = () => new Response("<html>404</html>", { status: 404 });
    expect(await remote()).toMatchObject({ code: 1, out: expect.stringContaining("not as this program does") });
  });

  it("whose webhooks' addresses lead nowhere is named", async () => {
    answer = (request) =>
      new URL(request.url).pathname === "/api/health" ? health(request) : new Response(null, { status: 404 });
    expect(await remote()).toMatchObject({ code: 1, out: expect.stringContaining("/webhook/cloudtalk (404)") });
  });

  it.each([
    ["that does not answer", { CRON_SECRET }, "http://127.0.0.1:9", "does not answer"],
    ["at no address", { CRON_SECRET }, "my-app", "--url is an address"],
    ["without its secret", {}, "http://127.0.0.1:9", "CRON_SECRET is not set here"],
  ])("%s cannot be checked: exit code 2", async (_, env, url, says) => {
    expect(await doctor(env, "--url", url)).toMatchObject({ code: 2, out: expect.stringContaining(says) });
  });
});

it("the report tells what Supabase Cron and Vault hold, and of the secret no more than is needed to compare it", async () => {
  await world.database.exec(`
    insert into cron.job values (1, 'outbox-clock', '5 seconds', true), (2, 'outbox-clock-log', '17 3 * * *', true);
    insert into cron.job_run_details values (1, 1, 'succeeded', 'rang', now());
    insert into net._http_response values (1, 401, null, now());
    insert into vault.decrypted_secrets values ('outbox_url', 'https://app.example/api/outbox'), ('cron_secret', 'tick');`);
  const [row] = await world.query<{ report: { clock: object } }>("select public.health_report() as report");
  expect(row?.report.clock).toMatchObject({
    job: { schedule: "5 seconds", active: true },
    log_job: true,
    last_run: { status: "succeeded", message: "rang" },
    last_answer: { status: 401 },
    outbox_url: "https://app.example/api/outbox",
    cron_secret: createHash("sha256").update("tick").digest("hex").slice(0, 16),
  });
});

it("prints the findings as JSON, and ends with 1 if something is wrong", async () => {
  const env = { ...complete(), SUPABASE_KEY: "" };
  const { code, out } = await doctor(env, "--json");
  expect(JSON.parse(out)).toEqual({ status: "fail", findings: await findings(env) });
  expect(code).toBe(1);
});

it("says how it is used", async () => {
  expect(await doctor({}, "--everything")).toMatchObject({ code: 2, out: expect.stringContaining("npm run doctor") });
});
