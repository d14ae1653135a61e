import { execFile } from "node:child_process";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { POST as postWasender } from "../../api/whatsapp-webhook.ts";
import { createWorld, fixture, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

/** What `npm run replay -- …` runs. */
function replay(...args: string[]): Promise<{ code: number; out: string }> {
  const { PATH, HOME, SUPABASE_URL, SUPABASE_KEY } = process.env;
  return new Promise((done) => {
    execFile(
      process.execPath,
      ["scripts/replay.ts", ...args],
      { env: { PATH, HOME, SUPABASE_URL, SUPABASE_KEY } },
      (error, stdout, stderr) => done({ code: error ? Number(error.code) : 0, out: stdout + stderr }),
    );
  });
}
type Row = Record<string, unknown>;
const calls = () => world.query<Row>("select * from public.cloudtalk_calls order by id");
const messages = () => world.query<Row>("select * from public.whatsapp_messages order by id");
const webhooks = () => world.query<Row>("select * from public.webhook_requests order by id");

/** A webhook as an older parser might have left it: kept, and not understood. */
const keep = (source: string, body: unknown, { ago = "5 minutes", raw = false, outcome = "invalid" } = {}) =>
  world.query(`
    insert into public.webhook_requests (source, method, path, url, headers, ${raw ? "raw_body" : "body"}, outcome, outcome_detail, "timestamp")
    values ('${source}', 'POST', '/webhook', '/webhook', '{"content-type": "application/json"}',
            '${(raw ? String(body) : JSON.stringify(body)).replaceAll("'", "''")}', '${outcome}', 'Looked for it.', now() - interval '${ago}')`);
const CALL = { call_uuid: "u1", external_number: 393330000001, talking_time: 50 };

describe("a webhook that was not understood", () => {
  it("is shown first, with the number masked, and nothing is changed", async () => {
    await keep("cloudtalk", CALL);
    const { code, out } = await replay("1");
    expect(code).toBe(0);
    expect(out).toContain("#1");
    expect(out).toContain("call with +39…01, talked, 5 minutes ago: may get its message");
    expect(out).toContain("Nothing was changed: 1 of 1 could be recorded, with --apply.");
    expect(out).not.toContain("333000");
    expect(await calls()).toEqual([]);
    expect(await webhooks()).toMatchObject([{ outcome: "invalid" }]);
  });

  it("is recorded with --apply through the same function; its own row says so", async () => {
    await keep("cloudtalk", CALL);
    const { out } = await replay("1", "--apply");
    expect(out).toContain("→ call 1; message 1 is queued");
    expect(await calls()).toMatchObject([{ call_uuid: "u1", webhook_request_id: 1, should_send: true }]);
    expect(await messages()).toMatchObject([{ kind: "ask", status: "queued", webhook_request_id: 1 }]);
    expect(await webhooks()).toMatchObject([
      {
        id: expect.anything(),
        outcome: "accepted",
        outcome_detail: expect.stringMatching(/^Looked for it\.; replayed 2/),
      },
    ]);
    expect(await webhooks()).toHaveLength(1);
  });

  it("as text is parsed as it would be today", async () => {
    await keep("cloudtalk", JSON.stringify(JSON.stringify(CALL)), { raw: true });
    await replay("--invalid", "--apply");
    expect(await calls()).toMatchObject([{ call_uuid: "u1", raw_data: CALL }]);
    expect(await webhooks()).toMatchObject([{ outcome: "accepted", body: CALL }]);
  });

  it("and still is not stays as it was", async () => {
    await keep("cloudtalk", "{broken", { raw: true });
    const { out } = await replay("--invalid", "--apply");
    expect(out).toContain("invalid: Expected a JSON object.");
    expect(out).toContain("0 of 1 recorded.");
    expect(await webhooks()).toMatchObject([{ outcome: "invalid", outcome_detail: "Looked for it." }]);
  });

  it("of Wasender brings the reply", async () => {
    await postCall(jsonRequest("/webhook/cloudtalk", CALL));
    await keep("wasender", await fixture("wasender/received-text"));
    const { out } = await replay("--invalid", "--apply");
    expect(out).toContain("→ recorded");
    expect(await messages()).toMatchObject([{ kind: "ask" }, { direction: "incoming", phone_number: "+393330000001" }]);
    expect(await calls()).toMatchObject([{ electricity_bill_received: true }]);
  });
});

describe("an old call", () => {
  it("is recorded and gets no message", async () => {
    await keep("cloudtalk", CALL, { ago: "3 hours" });
    expect((await replay("1")).out).toContain("too old for a new message");
    expect((await replay("1", "--apply")).out).toContain("no message (too_old)");
    expect(await calls()).toMatchObject([{ should_send: false, should_send_reason: "too_old" }]);
    expect(await messages()).toEqual([]);
  });

  it("that was recorded and asked is not asked again", async () => {
    await postCall(jsonRequest("/webhook/cloudtalk", CALL));
    await world.query(`update public.webhook_requests set "timestamp" = now() - interval '3 days'`);
    expect((await replay("--since", "2026-01-01", "--apply")).out).toContain(
      "call 1, nothing new; message 1 is queued",
    );
    expect(await messages()).toHaveLength(1);
    expect(await webhooks()).toMatchObject([{ outcome: "accepted" }]);
  });
});

it("an old state of the session does not pause today's sending", async () => {
  await postWasender(jsonRequest("/api/whatsapp-webhook", await fixture("wasender/session-need-scan")));
  await world.query("update public.whatsapp_sender set paused_at = null, paused_reason = null, paused_message = null");
  expect((await replay("1", "--apply")).out).toContain("it reports a state that has passed");
  expect(await world.query("select paused_at from public.whatsapp_sender")).toEqual([{ paused_at: null }]);
});

it("what the database refuses is shown and named, and the others are recorded all the same", async () => {
  await world.database.exec(`
    create function public.refuse() returns trigger language plpgsql as
      $$ begin raise exception 'This call is refused.'; end $$;
    create trigger refused before insert on public.cloudtalk_calls
      for each row when (new.call_uuid = 'u1') execute function public.refuse();`);
  try {
    await keep("cloudtalk", CALL);
    await keep("cloudtalk", { ...CALL, call_uuid: "u2", external_number: 393330000002 });
    const { code, out } = await replay("--invalid", "--apply");
    expect(out).toMatch(
      /#1 .*\n {4}call with \+39…01, talked.*\n {4}→ not recorded: .*This call is refused\.\n#2 .*\n {4}call with.*\n {4}→ call \d/,
    );
    expect(out).toContain("1 of 2 recorded; 1 could not be: see above.");
    expect(code).toBe(1);
    expect(await calls()).toMatchObject([{ call_uuid: "u2" }]);
    expect(await webhooks()).toMatchObject([{ outcome: "invalid" }, { outcome: "accepted" }]);
  } finally {
    await world.database.exec("drop trigger refused on public.cloudtalk_calls; drop function public.refuse()");
  }
});

it("--since takes those of that time, and not the previous system's", async () => {
  await keep("cloudtalk", CALL, { ago: "2 days" });
  await keep("cloudtalk", { ...CALL, call_uuid: "u2", external_number: 393330000002 }, { ago: "1 hour" });
  await keep("legacy", CALL, { ago: "1 hour", outcome: "legacy" });
  const { out } = await replay("--since", new Date(Date.now() - 24 * 3_600_000).toISOString());
  expect(out).toContain("#2");
  expect(out).toContain("1 of 1 could be recorded");
  expect((await replay("3")).out).toContain("written by the previous system");
});

it("more than a page of them is read to the end", async () => {
  await world.query(`
    insert into public.webhook_requests (source, method, path, url, body, outcome)
    select 'cloudtalk', 'POST', '/', '/', jsonb_build_object('call_uuid', 'u' || n, 'external_number', 393330000000 + n), 'invalid'
      from generate_series(1, 230) n`);
  expect((await replay("--invalid")).out).toContain("230 of 230 could be recorded");
});

it.each([[[]], [["one"]], [["1", "2"]], [["1", "--invalid"]], [["--since", "yesterday"]], [["--everything"]]])(
  "says how it is used: %j",
  async (args) => {
    const { code, out } = await replay(...args);
    expect(code).toBe(2);
    expect(out).toMatch(/npm run replay|--since is a time/);
  },
);

it("an id that is not stored is told", async () => {
  expect(await replay("77")).toMatchObject({ code: 1, out: expect.stringContaining("No such webhook") });
});
