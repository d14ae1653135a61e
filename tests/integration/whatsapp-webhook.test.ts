import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { POST } from "../../api/whatsapp-webhook.ts";
import { serve } from "../../dev/serve.ts";
import { createWorld, fixture, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  for (const name of ["WHATSAPP_WEBHOOK_SECRET", "WHATSAPP_API_TOKEN"]) delete process.env[name];
});

type Row = Record<string, unknown>;
const messages = () => world.query<Row>("select * from public.whatsapp_messages order by id");
const webhooks = () => world.query<Row>("select * from public.webhook_requests where source = 'wasender' order by id");
const flags = async () =>
  (await world.query<Row>("select electricity_bill_received as flag from public.cloudtalk_calls order by id")).map(
    (row) => row.flag,
  );

async function post(body: unknown, headers: Record<string, string> = {}) {
  const response = await POST(jsonRequest("/api/whatsapp-webhook", body, headers));
  return { status: response.status, body: await response.json() };
}
const postFixture = async (name: string) => post(await fixture(`wasender/${name}`));
const callOf = (number: number, uuid: string) =>
  postCall(jsonRequest("/webhook/cloudtalk", { call_uuid: uuid, external_number: number }));

/** The ask of a call to +393330000001 as it is after Wasender took it. */
async function sentAsk() {
  await callOf(393330000001, "a");
  await world.query(
    "update public.whatsapp_messages set status = 'sent', wasender_id = '100000', text = 'Buongiorno, sono Samuela della Greengen Group.', sent_at = now()",
  );
}

describe("a customer's reply", () => {
  it("is stored once and marks all calls of that number, with the time", async () => {
    await callOf(393330000001, "a");
    await callOf(393330000001, "b");
    await callOf(393330000002, "c");
    expect(await postFixture("received-text")).toMatchObject({
      status: 200,
      body: { success: true, duplicate: false },
    });
    expect(await flags()).toEqual([true, true, false]);
    expect(
      await world.query("select count(electricity_bill_received_at)::int as n from public.cloudtalk_calls"),
    ).toEqual([{ n: 2 }]);
    expect((await messages()).at(-1)).toMatchObject({
      direction: "incoming",
      status: "received",
      phone_number: "+393330000001",
      lid: "98700000000001@lid",
      contact_name: "Maria",
      type: "text",
      text: "Buongiorno, le mando la bolletta stasera",
      whatsapp_id: "3EB0A1B2C3D4E5F60718",
    });
  });

  it("that comes again, or under another name, is a duplicate", async () => {
    await postFixture("received-text");
    const again = await fixture("wasender/received-text");
    expect((await post(again)).body).toEqual({ success: true, duplicate: true });
    const data = again.data as { messages: unknown };
    expect(
      (await post({ ...again, event: "messages.upsert", data: { messages: [data.messages] } })).body.duplicate,
    ).toBe(true);
    expect((await post({ ...again, event: "messages-personal.received", data: data.messages })).body.duplicate).toBe(
      true,
    );
    expect(await messages()).toHaveLength(1);
    expect((await webhooks()).map((row) => row.outcome)).toEqual(["accepted", "duplicate", "duplicate", "duplicate"]);
  });

  it.each([
    ["received-text", "text", "Buongiorno, le mando la bolletta stasera"],
    ["received-text-lid", "text", "Ecco"],
    ["received-image", "image", "Foto bolletta"],
    ["received-pdf", "document", "Bolletta"],
  ])("as %s marks the calls", async (name, type, text) => {
    await callOf(393330000001, "a");
    await postFixture(name);
    expect(await flags()).toEqual([true]);
    expect((await messages()).at(-1)).toMatchObject({ type, text, phone_number: "+393330000001" });
  });

  it("keeps what is needed to fetch an attachment", async () => {
    await postFixture("received-pdf");
    expect((await messages())[0]?.media).toMatchObject({
      fileName: "bolletta.pdf",
      fileLength: 48213,
      pageCount: 2,
      mediaKey: expect.any(String),
    });
  });

  it("known only by its LID is kept under it, and marks the calls once the number is known", async () => {
    await callOf(393330000001, "a");
    await postFixture("received-text-lid-only");
    expect(await flags()).toEqual([false]);
    expect((await messages()).at(-1)).toMatchObject({ phone_number: null, lid: "98700000000001@lid" });
    await postFixture("received-text-lid");
    expect(await flags()).toEqual([true]);
    expect((await messages()).filter((row) => row.direction === "incoming").map((row) => row.phone_number)).toEqual([
      "+393330000001",
      "+393330000001",
    ]);
    // And from now on the LID alone is enough.
    await world.query("update public.cloudtalk_calls set electricity_bill_received = false");
    const next = await fixture("wasender/received-text-lid-only");
    (next.data as { messages: { key: { id: string } } }).messages.key.id = "ANOTHER";
    await post(next);
    expect(await flags()).toEqual([true]);
  });

  it("keeps the first reply's time when a second one comes", async () => {
    await callOf(393330000001, "a");
    await postFixture("received-text");
    const time = () => world.query("select electricity_bill_received_at::text from public.cloudtalk_calls");
    const first = await time();
    await postFixture("received-image");
    expect(await time()).toEqual(first);
  });
});

describe("what is not a reply", () => {
  it.each(["received-group", "upsert-status-story"])("%s is ignored, and kept as a webhook", async (name) => {
    await callOf(393330000001, "a");
    expect(await postFixture(name)).toMatchObject({ status: 200, body: { ignored: true } });
    expect(await flags()).toEqual([false]);
    expect((await webhooks())[0]).toMatchObject({ outcome: "ignored" });
  });

  it.each([
    ["a reaction", { message: { reactionMessage: { text: "👍" } } }],
    ["a protocol message", { message: { protocolMessage: { type: "REVOKE" } } }],
    [
      "an echo of ours",
      { key: { id: "X", fromMe: true, remoteJid: "393330000001@s.whatsapp.net" }, messageBody: "Ciao" },
    ],
    ["a newsletter", { key: { id: "X", fromMe: false, remoteJid: "1203630@newsletter" }, messageBody: "Ciao" }],
  ])("%s does not mark the calls", async (_, message) => {
    await callOf(393330000001, "a");
    const key = { id: "X", fromMe: false, remoteJid: "393330000001@s.whatsapp.net" };
    expect((await post({ event: "messages.upsert", data: { messages: [{ key, ...message }] } })).status).toBe(200);
    expect(await flags()).toEqual([false]);
  });

  it("an event that we do not use is ignored", async () => {
    expect((await post({ event: "contacts.update", data: [] })).body).toMatchObject({ ignored: true });
  });
});

describe("our messages", () => {
  it("move forward, and only forward, as Wasender reports them", async () => {
    await sentAsk();
    await postFixture("sent-ok");
    expect(await messages()).toMatchObject([
      { status: "sent", whatsapp_id: "3EB0D75251003A85", wasender_id: "100000" },
    ]);
    expect((await postFixture("update-delivered")).body.duplicate).toBe(false);
    expect(await messages()).toMatchObject([{ status: "delivered" }]);
    await post({
      event: "messages.update",
      data: { update: { status: 4 }, key: { id: "3EB0D75251003A85", fromMe: true } },
    });
    expect((await postFixture("update-delivered")).body.duplicate).toBe(true);
    expect(await messages()).toMatchObject([{ status: "read" }]);
  });

  it("get the state that came before their WhatsApp id was known", async () => {
    await sentAsk();
    await post({
      event: "messages.update",
      data: { update: { status: 4 }, key: { id: "3EB0D75251003A85", fromMe: true } },
    });
    expect(await messages()).toMatchObject([{ status: "sent", whatsapp_id: null }]);
    await postFixture("sent-ok");
    expect(await messages()).toMatchObject([{ status: "read", whatsapp_id: "3EB0D75251003A85" }]);
  });

  it("are found by number and words where an echo comes first", async () => {
    await sentAsk();
    await world.query(
      "update public.whatsapp_messages set wasender_id = null, status = 'unknown', error = 'no answer'",
    );
    await postFixture("upsert-echo-of-ours");
    expect(await messages()).toMatchObject([{ status: "sent", whatsapp_id: "3EB0D75251003A85", error: null }]);
    expect((await postFixture("sent-ok")).body.duplicate).toBe(false);
    expect(await messages()).toMatchObject([{ wasender_id: "100000" }]);
  });

  it("fail by number where Wasender gives no id", async () => {
    await sentAsk();
    await postFixture("sent-failed");
    expect(await messages()).toMatchObject([
      { status: "failed", error: "Failed to send message: Invalid number JID: +393330000001" },
    ]);
  });

  it("typed on the phone itself are shown as well", async () => {
    await callOf(393330000001, "a");
    await postFixture("upsert-echo-of-ours");
    expect((await messages()).at(-1)).toMatchObject({
      direction: "outgoing",
      kind: "manual",
      status: "sent",
      phone_number: "+393330000001",
    });
    expect((await messages())[0]).toMatchObject({ kind: "ask", status: "queued", whatsapp_id: null });
    expect((await postFixture("upsert-echo-of-ours")).body.duplicate).toBe(true);
  });
});

describe("the session", () => {
  it("pauses the sender when it must be scanned, and resumes it when it is connected", async () => {
    const sender = () => world.query("select session_status, paused_reason from public.whatsapp_sender");
    await postFixture("session-need-scan");
    expect(await sender()).toEqual([{ session_status: "need_scan", paused_reason: "session" }]);
    await post({ event: "session.status", data: { status: "CONNECTED" } });
    expect(await sender()).toEqual([{ session_status: "connected", paused_reason: null }]);
  });
});

describe("secrets", () => {
  it("lets in the secret under each of its headers, and nobody else", async () => {
    process.env.WHATSAPP_WEBHOOK_SECRET = "hush-hush";
    const body = await fixture("wasender/received-text");
    expect((await post(body)).status).toBe(401);
    expect((await post(body, { "x-webhook-signature": "hush" })).status).toBe(401);
    expect(await webhooks()).toEqual([]);
    for (const headers of [
      { "x-webhook-signature": "hush-hush" },
      { "x-webhook-secret": "hush-hush" },
      { authorization: "Bearer hush-hush" },
    ]) {
      expect((await post(body, headers as Record<string, string>)).status).toBe(200);
    }
  });

  it("fails closed on a deployment without one", async () => {
    vi.stubEnv("LOCAL_DEVELOPMENT", "");
    expect((await post(await fixture("wasender/received-text"))).status).toBe(503);
  });

  it("never stores the session's key, nor ours", async () => {
    process.env.WHATSAPP_API_TOKEN = "the-api-token-itself";
    await post({ ...(await fixture("wasender/received-text")), echo: "the-api-token-itself" });
    await post('{"event":"x","sessionId":"SESSION_API_KEY_TO_REMOVE", broken');
    const stored = JSON.stringify(await webhooks());
    expect(stored).not.toContain("SESSION_API_KEY");
    expect(stored).not.toContain("the-api-token-itself");
  });
});

it("answers 400 to what is no JSON and 422 to what is no event", async () => {
  expect((await post("nonsense")).status).toBe(400);
  expect((await post({ a: 1 })).status).toBe(422);
  expect((await post({ event: "messages.received", data: null })).status).toBe(422);
  expect((await webhooks()).map((row) => row.outcome)).toEqual(["invalid", "invalid", "invalid"]);
});

describe("content that the database refuses", () => {
  // A message whose text is an SQLSTATE is refused with it, in words that quote the content.
  beforeAll(() =>
    world.database.exec(`
      create sequence public.test_refusals;
      grant usage on sequence public.test_refusals to public;
      create function public.test_refuse() returns trigger language plpgsql as $$
      begin
        if new.text ~ '^[0-9A-Z]{5}$' then raise exception 'cannot take "Maria Rossi"' using errcode = new.text; end if;
        if new.text = 'twice' and nextval('public.test_refusals') = 1 then raise unique_violation; end if;
        return new;
      end $$;
      create trigger test_refuse before insert on public.whatsapp_messages for each row execute function public.test_refuse();
    `),
  );
  afterAll(() => world.database.exec("drop function public.test_refuse cascade; drop sequence public.test_refusals;"));
  const reply = (text: string) => ({
    event: "messages.received",
    data: {
      messages: { key: { id: "A", fromMe: false, remoteJid: "393330000001@s.whatsapp.net" }, messageBody: text },
    },
  });

  it.each(["22P02", "22001", "23502", "23503", "23505"])(
    "for good (%s) gets 422, and is kept to be replayed",
    async (code) => {
      const { status, body } = await post(reply(code));
      expect(status).toBe(422);
      expect(body).toEqual({
        success: false,
        error: { code: "content_refused", message: `The database does not take its content (${code}).` },
      });
      expect(await messages()).toEqual([]);
      expect(await webhooks()).toMatchObject([
        {
          outcome: "invalid",
          outcome_detail: `The database does not take its content (${code}).`,
          event_type: "messages.received",
          body: reply(code),
        },
      ]);
    },
  );

  it.each(["53300", "57014", "55P03", "40001", "42P01"])(
    "for now (%s) gets 503: the sender's retry may do",
    async (code) => {
      const { status, body } = await post(reply(code));
      expect(status).toBe(503);
      expect(body.error.code).toBe("database_unavailable");
      expect(await webhooks()).toEqual([]);
    },
  );

  it.each(["23514", "54000"])("for good (%s), as PostgREST says it, gets 422 too", async (code) => {
    // The local Supabase has no code for these.
    const url = process.env.SUPABASE_URL ?? "";
    const between = await serve(async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname.endsWith("/rpc/record_wasender_webhook")) {
        return Response.json(
          { code, message: 'cannot take "Maria Rossi"', details: null, hint: null },
          { status: 413 },
        );
      }
      return fetch(url + pathname, { method: request.method, headers: request.headers, body: await request.text() });
    });
    process.env.SUPABASE_URL = between.url;
    const { status } = await post(reply("Ciao"));
    process.env.SUPABASE_URL = url;
    await between.close();
    expect(status).toBe(422);
    expect(await webhooks()).toMatchObject([{ outcome: "invalid", body: reply("Ciao") }]);
    expect((await webhooks())[0]?.outcome_detail).toBe(`The database does not take its content (${code}).`);
  });

  it("because another wrote the same key at that moment is tried once more", async () => {
    expect(await post(reply("twice"))).toMatchObject({ status: 200, body: { duplicate: false } });
    expect(await messages()).toHaveLength(1);
  });
});

it("a LID that is too long to be one is nobody's, and the webhook is kept", async () => {
  const key = { id: "A", fromMe: false, remoteJid: `${"9".repeat(8_000)}@lid` };
  const data = { messages: { key, messageBody: "Ciao" } };
  expect(await post({ event: "messages.received", data })).toMatchObject({ status: 200, body: { ignored: true } });
  expect(await webhooks()).toMatchObject([{ outcome: "ignored" }]);
});

describe("the log", () => {
  const SECRETS = {
    WHATSAPP_WEBHOOK_SECRET: "hush-hush-wasender",
    WHATSAPP_API_TOKEN: "the-api-token-itself",
    SUPABASE_APP_SECRET: "an-app-secret-of-24-letters-and-more",
  };
  const WORDS = "Parole del cliente";
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it("has one line a webhook, which says what became of it and where it is kept, and nothing of its content", async () => {
    for (const [name, value] of Object.entries(SECRETS)) vi.stubEnv(name, value);
    const printed = (["log", "info", "warn", "error"] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => undefined),
    );
    const lineOf = async (body: unknown, headers: Record<string, string> = {}) => {
      for (const spy of printed) spy.mockClear();
      await post(body, { "x-webhook-signature": SECRETS.WHATSAPP_WEBHOOK_SECRET, ...headers });
      const lines = printed.flatMap((spy) => spy.mock.calls.flat()).map(String);
      expect(lines).toHaveLength(1);
      for (const hidden of [...Object.values(SECRETS), world.supabase.secretKey, WORDS, "3330000001", "333 000 0001"])
        expect(lines[0]).not.toContain(hidden);
      return JSON.parse(lines[0] ?? "");
    };
    const key = { id: "A", fromMe: false, remoteJid: "393330000001@s.whatsapp.net" };
    const reply = { event: "messages.received", data: { messages: { key, pushName: WORDS, messageBody: WORDS } } };
    const line = { event: "whatsapp-webhook", ms: expect.any(Number) };
    expect(await lineOf(reply)).toEqual({
      ...line,
      level: "info",
      status: 200,
      type: "messages.received",
      outcome: "accepted",
      webhook: 1,
    });
    expect(await lineOf(reply)).toMatchObject({ ...line, status: 200, outcome: "duplicate", webhook: 2 });
    expect(await lineOf({ ...reply, event: "contacts.update" })).toEqual({
      ...line,
      level: "info",
      status: 200,
      type: "contacts.update",
      outcome: "ignored",
      webhook: 3,
    });
    expect(await lineOf({ event: "messages.received", data: WORDS })).toMatchObject({
      ...line,
      level: "warn",
      status: 422,
      outcome: "invalid",
      webhook: 4,
    });
    expect(await lineOf(`${WORDS} +39 333 000 0001`)).toMatchObject({
      ...line,
      status: 400,
      outcome: "invalid",
      webhook: 5,
    });
    // Words where the event's name should be.
    const unnamed = await lineOf({ event: `${WORDS} +39 333 000 0001`, data: {} });
    expect(unnamed).toMatchObject({ ...line, status: 200, outcome: "ignored", webhook: 6 });
    expect(unnamed).not.toHaveProperty("type");
    expect(await lineOf(reply, { "x-webhook-signature": "hush-hush-wasende" })).toEqual({
      ...line,
      level: "warn",
      status: 401,
      outcome: "unauthorized",
      error: "HttpError: Unauthorized.",
    });
    expect((await webhooks()).map((row) => row.id)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

it("stores twenty concurrent copies of one reply once", async () => {
  await callOf(393330000001, "a");
  const body = await fixture("wasender/received-text");
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(body)));
  expect(answers.filter((answer) => answer.body.duplicate === false)).toHaveLength(1);
  expect(await messages()).toHaveLength(2);
});
