import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as act } from "../../api/messages.ts";
import { GET as cron, POST as ring } from "../../api/outbox.ts";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { GET as getFeed } from "../../api/whatsapp-incoming.ts";
import { POST as postWebhook } from "../../api/whatsapp-webhook.ts";
import { type LocalServer, serve } from "../../dev/serve.ts";
import { faults } from "../../dev/wasender/fault.ts";
import { createWasenderSandbox, type SandboxOptions, type WasenderSandbox } from "../../dev/wasender/sandbox.ts";
import { createWorld, fixture, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
let app: LocalServer;
let wasender: WasenderSandbox;

beforeAll(async () => {
  world = await createWorld();
  // Where the stand-in posts its webhooks: the real handler.
  app = await serve((request) => postWebhook(request));
});
afterAll(async () => {
  await app.close();
  await world.close();
});
beforeEach(() => world.reset());
afterEach(async () => {
  await wasender.idle();
  await wasender.close();
  for (const name of [
    "WHATSAPP_API_TOKEN",
    "WHATSAPP_API_URL",
    "WHATSAPP_MIN_INTERVAL_SECONDS",
    "WHATSAPP_PERSONAL_TOKEN",
    "WHATSAPP_SESSION_ID",
    "CRON_SECRET",
    "VERCEL",
  ]) {
    delete process.env[name];
  }
});

type Row = Record<string, unknown>;
const messages = () => world.query<Row>("select * from public.whatsapp_messages order by id");
const attempts = () => world.query<Row>("select * from public.whatsapp_attempts order by id");
const sender = async () => (await world.query<Row>("select * from public.whatsapp_sender"))[0];

/** A Wasender stand-in, named in the environment. Webhooks go to the app unless `silent`. */
async function start(options: Partial<SandboxOptions> & { silent?: boolean; intervalSeconds?: string } = {}) {
  const { silent, intervalSeconds = "0", ...rest } = options;
  const webhookUrl = silent ? "http://127.0.0.1:9/" : `${app.url}/api/whatsapp-webhook`;
  wasender = await createWasenderSandbox({ apiKey: "key", webhookUrl, minIntervalMs: 0, ...rest });
  process.env.WHATSAPP_API_URL = wasender.url;
  process.env.WHATSAPP_MIN_INTERVAL_SECONDS = intervalSeconds;
}
/** Queues a message without starting a drain: the token is set only afterwards. */
async function queue(...numbers: number[]) {
  delete process.env.WHATSAPP_API_TOKEN;
  for (const number of numbers) {
    await postCall(
      jsonRequest("/webhook/cloudtalk", { call_uuid: `u${number}-${Math.random()}`, external_number: number }),
    );
  }
  process.env.WHATSAPP_API_TOKEN = "key";
}
async function drainOnce() {
  const response = await ring(jsonRequest("/api/outbox", {}));
  return { status: response.status, body: await response.json() };
}
const feedRequest = async () =>
  new Request("http://localhost/api/whatsapp-incoming", { headers: await world.signIn() });
async function hands(body: object) {
  const response = await act(jsonRequest("/api/messages", body, await world.signIn()));
  return { status: response.status, body: await response.json() };
}
/** Lets a message that waits for its backoff go now. */
const skipBackoff = () => world.query("update public.whatsapp_messages set due_at = now() where status = 'queued'");

describe("a ring of the clock", () => {
  it("sends what is due and says what it did", async () => {
    await start();
    await queue(393330000001, 393330000002);
    const { status, body } = await drainOnce();
    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      messages: [
        { id: 1, status: "sent", outcome: "sent" },
        { id: 2, status: "sent", outcome: "sent" },
      ],
      idle: "empty",
      wait_ms: null,
    });
    expect(wasender.sends.map((send) => send.to)).toEqual(["+393330000001", "+393330000002"]);
    await wasender.idle();
    expect(await messages()).toMatchObject([
      { status: "delivered", wasender_id: "100000", whatsapp_id: expect.any(String), attempts: 1 },
      { status: "delivered", wasender_id: "100001" },
    ]);
    expect(await attempts()).toMatchObject([
      { message_id: 1, outcome: "sent", http_status: 200, started_at: expect.anything(), ended_at: expect.anything() },
      { message_id: 2, outcome: "sent" },
    ]);
    expect((await messages()).length).toBe(2);
  });

  it("needs the clock's secret", async () => {
    await start();
    process.env.WHATSAPP_API_TOKEN = "key";
    process.env.CRON_SECRET = "tick";
    expect((await drainOnce()).status).toBe(401);
    expect((await ring(jsonRequest("/api/outbox", {}, { authorization: "Bearer tick" }))).status).toBe(200);
    delete process.env.CRON_SECRET;
    process.env.VERCEL = "1";
    expect((await drainOnce()).status).toBe(503);
  });

  it("is a GET where Vercel's own cron rings, and nobody else's", async () => {
    await start();
    await queue(393330000001);
    process.env.CRON_SECRET = "tick";
    const get = (headers: Record<string, string>) => cron(new Request("http://localhost/api/outbox", { headers }));
    expect((await get({ authorization: "Bearer tick" })).status).toBe(405);
    expect((await get({ "user-agent": "vercel-cron/1.0" })).status).toBe(401);
    expect(wasender.sends).toEqual([]);
    const answer = await get({ "user-agent": "vercel-cron/1.0", authorization: "Bearer tick" });
    expect(await answer.json()).toMatchObject({ success: true, messages: [{ id: 1, status: "sent" }] });
    expect(await sender()).toMatchObject({ heard_at: expect.anything() });
  });

  it("names the variable that is missing, and loses nothing", async () => {
    await start();
    await queue(393330000001);
    delete process.env.WHATSAPP_API_TOKEN;
    const { status, body } = await drainOnce();
    expect(status).toBe(503);
    expect(body.error.message).toContain("WHATSAPP_API_TOKEN");
    expect(await messages()).toMatchObject([{ status: "queued" }]);
  });

  it("keeps the interval, and tells when the next one goes", async () => {
    await start({ intervalSeconds: "60" });
    await queue(393330000001, 393330000002);
    const { body } = await drainOnce();
    expect(body).toMatchObject({ messages: [{ id: 1 }], idle: "slot" });
    expect(body.wait_ms).toBeGreaterThan(55_000);
    expect(body.wait_ms).toBeLessThanOrEqual(60_000);
    expect((await drainOnce()).body.messages).toEqual([]);
    expect(wasender.sends).toHaveLength(1);
  });
});

it("a slot that comes in a moment is claimed before it does, and counts from where it begins", async () => {
  await start();
  await queue(393330000001);
  await world.query("update public.whatsapp_sender set next_send_at = now() + interval '20 seconds'");
  const claim = async (aheadMs: number) =>
    (
      await world.query<{ claim: Row & { message?: { wait_ms: number } } }>(
        `select public.claim_message(60000, 1000, 60000, 'x', ${aheadMs}) as claim`,
      )
    )[0]?.claim;
  expect(await claim(10_000)).toMatchObject({ idle: "slot" });
  const wait = (await claim(30_000))?.message?.wait_ms ?? 0;
  expect(wait).toBeGreaterThan(10_000);
  expect(wait).toBeLessThanOrEqual(20_000);
  const [row] = await world.query<{ slot: number; lease: number }>(`
    select extract(epoch from s.next_send_at - a.claimed_at)::float as slot, extract(epoch from m.lease_until - a.claimed_at)::float as lease
      from public.whatsapp_sender s, public.whatsapp_messages m, public.whatsapp_attempts a`);
  // From the slot's beginning: the interval and the time to start in; the lease.
  expect(row?.slot).toBeGreaterThan(60 + 1 + 10);
  expect(row?.lease).toBeGreaterThan(60 + 10);
});

it("a webhook starts the sending itself, after its answer", async () => {
  await start();
  process.env.WHATSAPP_API_TOKEN = "key";
  const answer = await postCall(jsonRequest("/webhook/cloudtalk", await fixture("cloudtalk/ended-known-contact")));
  expect((await answer.json()).message.status).toBe("queued");
  await world.settled();
  expect(wasender.sends).toHaveLength(1);
});

it("a poll of the monitor starts the sending of what is due", async () => {
  await start();
  await queue(393330000001);
  await getFeed(await feedRequest());
  await world.settled();
  expect(wasender.sends).toHaveLength(1);
});

describe("what Wasender answers", () => {
  it("429: waits as long as it says, and does not count it as an attempt", async () => {
    await start({ fault: (_, index) => (index === 0 ? faults.rateLimited(1) : null), silent: true });
    await queue(393330000001);
    const began = performance.now();
    expect((await drainOnce()).body.messages).toEqual([
      { id: 1, status: "queued", outcome: "rate_limited" },
      { id: 1, status: "sent", outcome: "sent" },
    ]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(1000);
    expect(await messages()).toMatchObject([{ attempts: 1, error: null }]);
    expect((await attempts()).map((row) => row.outcome)).toEqual(["rate_limited", "sent"]);
  });

  it("the daily allowance holds the queue until it is renewed", async () => {
    await start({ dailyLimit: 1, silent: true });
    await queue(393330000001, 393330000002);
    const { body } = await drainOnce();
    expect(body.messages).toMatchObject([{ outcome: "sent" }]);
    expect(body.wait_ms).toBeGreaterThan(0);
    expect(wasender.sends).toHaveLength(1);
  });

  it("422: fails for good, with its reason", async () => {
    await start({ onWhatsapp: () => false, silent: true });
    await queue(393330000001);
    await drainOnce();
    expect(await messages()).toMatchObject([
      { status: "failed", error: "The provided JID does not exist on WhatsApp." },
    ]);
  });

  it.each([
    ["500 with HTML", faults.serverError(true), "server_error"],
    ["a reset after it was taken", faults.reset(true), "no_answer"],
    ["a reset before it was taken", faults.reset(false), "no_answer"],
  ])("%s: the outcome is unknown, and it is not repeated", async (_, fault, error_code) => {
    await start({ fault: () => fault, silent: true });
    await queue(393330000001);
    await drainOnce();
    await drainOnce();
    expect(await messages()).toMatchObject([{ status: "unknown", error_code }]);
    expect(wasender.sends).toHaveLength(1);
  });

  it("no connection: tries again later, a limited number of times, then fails", async () => {
    await start();
    await queue(393330000001);
    process.env.WHATSAPP_API_URL = "http://127.0.0.1:9/api";
    expect((await drainOnce()).body.messages).toMatchObject([{ status: "queued", outcome: "not_sent" }]);
    expect(await messages()).toMatchObject([{ attempts: 1, error_code: "unreachable", error: null }]);
    await world.query("update public.whatsapp_messages set attempts = 59");
    await skipBackoff();
    await drainOnce();
    expect(await messages()).toMatchObject([{ status: "failed", attempts: 60, error_code: "unreachable" }]);
  });

  it("401: pauses with the reason, burns no attempt, and goes on when the key works", async () => {
    await start({ silent: true });
    await queue(393330000001);
    process.env.WHATSAPP_API_TOKEN = "wrong";
    expect((await drainOnce()).body).toMatchObject({ idle: "paused" });
    expect(await messages()).toMatchObject([{ status: "queued", attempts: 0 }]);
    expect(await sender()).toMatchObject({ paused_reason: "configuration", paused_message: "Invalid API key" });
    expect((await drainOnce()).body).toMatchObject({ idle: "paused", messages: [] });
    // A new key is tried at once.
    process.env.WHATSAPP_API_TOKEN = "key";
    expect((await drainOnce()).body.messages).toMatchObject([{ status: "sent" }]);
    expect(await sender()).toMatchObject({ paused_reason: null, session_status: "connected" });
  });

  it("not connected: pauses, and goes on when a probe shows that it is", async () => {
    await start({ silent: true });
    await queue(393330000001);
    wasender.setSession("need_scan");
    expect((await drainOnce()).body).toMatchObject({ idle: "paused" });
    expect(await sender()).toMatchObject({ paused_reason: "session", paused_at: expect.anything() });
    wasender.setSession("connected");
    expect((await drainOnce()).body).toMatchObject({ idle: "paused", messages: [] });
    await world.query("update public.whatsapp_sender set probe_at = now()");
    expect((await drainOnce()).body.messages).toMatchObject([{ status: "sent" }]);
  });
});

describe("what nobody knows", () => {
  const lost = async () => {
    await start({ fault: (_, index) => (index === 0 ? faults.reset(true) : null), silent: true });
    await queue(393330000001);
    await drainOnce();
    expect(await messages()).toMatchObject([{ status: "unknown" }]);
  };

  it("becomes sent when Wasender's log shows it", async () => {
    await lost();
    process.env.WHATSAPP_PERSONAL_TOKEN = "personal-token-of-the-sandbox";
    process.env.WHATSAPP_SESSION_ID = "1";
    await drainOnce();
    expect(await messages()).toMatchObject([{ status: "sent", wasender_id: "100000" }]);
  });

  it("becomes sent when an echo shows it, even where staff had it sent again", async () => {
    await lost();
    process.env.WHATSAPP_MIN_INTERVAL_SECONDS = "3600";
    await world.query("update public.whatsapp_sender set next_send_at = now() + interval '1 hour'");
    expect((await hands({ action: "resend", id: 1 })).body.message.status).toBe("queued");
    const text = (await messages())[0]?.text;
    const key = { id: "3EB0ECHO", fromMe: true, remoteJid: "393330000001@s.whatsapp.net" };
    await postWebhook(
      jsonRequest("/", { event: "messages.upsert", data: { messages: [{ key, message: { conversation: text } }] } }),
    );
    expect(await messages()).toMatchObject([{ status: "sent", whatsapp_id: "3EB0ECHO" }]);
    await world.settled();
  });

  it("is what a claim becomes whose function died", async () => {
    await start();
    await queue(393330000001);
    await world.query("select public.claim_message(0, 1000, -1, 'x')");
    expect(await messages()).toMatchObject([{ status: "sending" }]);
    await drainOnce();
    expect(await messages()).toMatchObject([{ status: "unknown", error_code: "lease_expired" }]);
    expect(await attempts()).toMatchObject([{ outcome: "unknown", code: "lease_expired" }]);
    expect(wasender.sends).toHaveLength(0);
  });
});

describe("two ids", () => {
  it("are joined by asking Wasender where no webhook brought both", async () => {
    await start({ silent: true });
    await queue(393330000001);
    await drainOnce();
    expect(await messages()).toMatchObject([{ whatsapp_id: null, wasender_id: "100000", info_at: expect.anything() }]);
    const whatsappId = [...wasender.phones.values()][0]?.messages[0]?.id;
    await postWebhook(
      jsonRequest("/", {
        event: "messages.update",
        data: { update: { status: 4 }, key: { id: whatsappId, fromMe: true } },
      }),
    );
    await world.query("update public.whatsapp_messages set info_at = now()");
    await drainOnce();
    expect(await messages()).toMatchObject([{ whatsapp_id: whatsappId, status: "read", info_at: null }]);
  });
});

it("a reply known by its LID alone is resolved in the background and marks the calls", async () => {
  await start();
  await queue(393330000001);
  await drainOnce();
  await wasender.reply("+393330000001", { type: "text", text: "Eccola" }, { by: "lid-only" });
  expect((await messages()).at(-1)).toMatchObject({
    text: "Eccola",
    phone_number: null,
    lid: expect.stringMatching(/@lid$/),
  });
  await drainOnce();
  expect((await messages()).at(-1)).toMatchObject({ phone_number: "+393330000001" });
  expect(await world.query("select electricity_bill_received as flag from public.cloudtalk_calls")).toEqual([
    { flag: true },
  ]);
});

describe("the feed's source", () => {
  const feed = async () => {
    const answer = await (await getFeed(await feedRequest())).json();
    await world.settled();
    return answer;
  };

  it("is Wasender's log once that was read, at most every 15 seconds", async () => {
    await start({ silent: true });
    await queue(393330000001);
    await drainOnce();
    expect(await feed()).toMatchObject({ source: "database" });
    process.env.WHATSAPP_PERSONAL_TOKEN = "personal-token-of-the-sandbox";
    process.env.WHATSAPP_SESSION_ID = "1";
    expect(await feed()).toMatchObject({ source: "database" });
    expect(await feed()).toMatchObject({ source: "wasender" });
    expect((await sender())?.log_due_at).not.toBeNull();
    expect(await messages()).toHaveLength(1);
  });

  it("is the database, with the reason, where the log cannot be read", async () => {
    await start();
    process.env.WHATSAPP_API_TOKEN = "key";
    process.env.WHATSAPP_PERSONAL_TOKEN = "wrong";
    process.env.WHATSAPP_SESSION_ID = "1";
    await feed();
    expect(await feed()).toMatchObject({ source: "database", source_error: "key_refused" });
  });
});

describe("staff's hands", () => {
  it("retry a failed message, and are kept with who and when", async () => {
    await start({ fault: (_, index) => (index === 0 ? faults.notOnWhatsapp() : null), silent: true });
    await queue(393330000001);
    await drainOnce();
    expect((await hands({ action: "retry", id: 1 })).body).toMatchObject({
      success: true,
      message: { id: 1, status: "queued" },
    });
    await world.settled();
    expect(await messages()).toMatchObject([{ status: "sent" }]);
    expect((await attempts()).map((row) => row.outcome)).toEqual(["refused", "sent"]);
    expect(
      await world.query("select who, action, message_id, from_status, to_status from public.staff_actions"),
    ).toEqual([{ who: "Anna", action: "retry", message_id: 1, from_status: "failed", to_status: "queued" }]);
  });

  it("cancel a queued one and give up an unknown one", async () => {
    await start({ fault: () => faults.reset(false), silent: true });
    await queue(393330000001);
    await drainOnce();
    expect((await hands({ action: "give_up", id: 1 })).body.message.status).toBe("cancelled");
    await queue(393330000002);
    expect((await hands({ action: "cancel", id: 2 })).body.message.status).toBe("cancelled");
    await drainOnce();
    expect(wasender.sends).toHaveLength(1);
  });

  it("refuse what the state machine forbids", async () => {
    await start({ silent: true });
    await queue(393330000001);
    await drainOnce();
    for (const action of ["retry", "resend", "give_up", "cancel"]) {
      expect(await hands({ action, id: 1 })).toMatchObject({ status: 409, body: { error: { code: "not_possible" } } });
    }
    expect((await hands({ action: "retry", id: 99 })).status).toBe(404);
    expect((await hands({ action: "explode", id: 1 })).status).toBe(400);
    expect((await hands({ action: "resume" })).status).toBe(409);
    expect(await world.query("select * from public.staff_actions")).toEqual([]);
  });

  it("pause and resume the queue", async () => {
    await start({ silent: true });
    expect((await hands({ action: "pause" })).body).toMatchObject({ paused: true });
    await queue(393330000001);
    expect((await drainOnce()).body).toMatchObject({ idle: "paused", messages: [] });
    await postWebhook(jsonRequest("/", { event: "session.status", data: { status: "connected" } }));
    expect((await drainOnce()).body).toMatchObject({ idle: "paused", messages: [] });
    expect((await hands({ action: "resume" })).body).toMatchObject({ paused: false });
    await world.settled();
    expect(wasender.sends).toHaveLength(1);
  });

  it("are for signed-in staff, from our own pages", async () => {
    await start();
    expect((await act(jsonRequest("/api/messages", { action: "pause" }, { origin: "http://localhost" }))).status).toBe(
      401,
    );
    const elsewhere = { ...(await world.signIn()), origin: "https://evil.example" };
    expect((await act(jsonRequest("/api/messages", { action: "pause" }, elsewhere))).status).toBe(403);
  });
});

it("after eight unknown outcomes in a row the queue holds: Wasender is down", async () => {
  await start({ fault: () => faults.serverError(false), silent: true });
  await queue(...Array.from({ length: 10 }, (_, n) => 393330000001 + n));
  const { body } = await drainOnce();
  expect(body.messages).toHaveLength(8);
  expect(body.wait_ms).toBeGreaterThan(4 * 60_000);
  expect((await messages()).filter((row) => row.status === "queued")).toHaveLength(2);
});
