import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { POST } from "../../api/webhook/cloudtalk.ts";
import { ASK_TEXT } from "../../lib/ask.ts";
import { createWorld, fixture, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  for (const name of [
    "CLOUDTALK_WEBHOOK_SECRET",
    "WHATSAPP_API_TOKEN",
    "WHATSAPP_MESSAGE",
    "WHATSAPP_ASK_COOLDOWN_HOURS",
  ]) {
    delete process.env[name];
  }
});

type Row = Record<string, unknown>;
const calls = () =>
  world.query<Row>(
    "select *, call_start_time at time zone 'UTC' = timestamp '2026-02-09 08:12' as started_as_said from public.cloudtalk_calls order by id",
  );
const messages = () => world.query<Row>("select * from public.whatsapp_messages order by id");
const webhooks = () => world.query<Row>("select * from public.webhook_requests order by id");

async function post(body: unknown, headers: Record<string, string> = {}, path = "/webhook/cloudtalk") {
  const response = await POST(jsonRequest(path, body, headers));
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe("a call that ended", () => {
  it("is stored and queues the brief's message to the customer", async () => {
    const answer = await post(await fixture("cloudtalk/ended-known-contact"));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      success: true,
      duplicate: false,
      call: { id: 1, should_send: true, reason: "eligible" },
      message: { id: 1, status: "queued" },
    });
    expect(await calls()).toMatchObject([
      {
        call_uuid: "44fe27cd-0000-4670-993e-01293c9f8833",
        phone_number: "+393330000001",
        phone_number_raw: "393330000001",
        phone_number_from: "40310000001",
        contact_id: "1450000001",
        agent_id: "490001",
        electricity_bill_received: false,
        should_send: true,
      },
    ]);
    expect(await messages()).toMatchObject([
      {
        direction: "outgoing",
        kind: "ask",
        status: "queued",
        phone_number: "+393330000001",
        text: ASK_TEXT,
        attempts: 0,
      },
    ]);
    expect(await webhooks()).toMatchObject([{ source: "cloudtalk", outcome: "accepted", path: "/webhook/cloudtalk" }]);
  });

  it.each([
    ["ended-known-contact", "+393330000001", true, "eligible"],
    ["ended-unknown-contact", "+393330000002", true, "eligible"],
    ["ended-all-strings", "+393330000003", true, "eligible"],
    ["ended-missed", "+393330000004", false, "nobody_talked"],
    ["ended-withheld", null, false, "no_phone_number"],
    ["recording-uploaded", "+393330000002", true, "eligible"],
    ["voice-agent-nested", "+393330000005", true, "eligible"],
    ["voice-agent-should-not-send", "+393330000006", false, "payload_says_no"],
  ])("as %s is understood", async (name, phone, shouldSend, reason) => {
    const { status, body } = await post(await fixture(`cloudtalk/${name}`));
    expect(status).toBe(200);
    expect(body.call).toMatchObject({ should_send: shouldSend, reason });
    expect(body.message).toEqual(shouldSend ? { id: 1, status: "queued" } : null);
    expect(await calls()).toMatchObject([{ phone_number: phone, should_send: shouldSend, should_send_reason: reason }]);
  });

  it("keeps what the voice agent learned", async () => {
    await post(await fixture("cloudtalk/voice-agent-nested"));
    expect(await calls()).toMatchObject([
      {
        call_id: "va_01HZX0000001",
        duration: 187,
        contact_name: "Maria Rossi",
        company_name: "Azienda Agricola Rossi",
        ateco_code: "01.50",
        ateco_eligible: true,
        interest_confirmed: true,
        annual_consumption_kwh: 42000,
        started_as_said: true,
      },
    ]);
    expect(await messages()).toMatchObject([{ contact_name: "Maria Rossi" }]);
  });

  it("may replace the text by WHATSAPP_MESSAGE", async () => {
    process.env.WHATSAPP_MESSAGE = "Ciao\\nmondo";
    await post(await fixture("cloudtalk/ended-known-contact"));
    expect(await messages()).toMatchObject([{ text: "Ciao\nmondo" }]);
  });

  it("may come as a form", async () => {
    const form = new URLSearchParams({ call_uuid: "u1", external_number: "393330000009", talking_time: "12" });
    const response = await POST(new Request("http://localhost/webhook/cloudtalk", { method: "POST", body: form }));
    expect(await response.json()).toMatchObject({ call: { should_send: true } });
    expect(await calls()).toMatchObject([{ call_uuid: "u1", phone_number: "+393330000009", talking_time: 12 }]);
  });
});

describe("a call that is known", () => {
  it("is a duplicate when it comes again, in whatever form", async () => {
    const body = await fixture("cloudtalk/ended-known-contact");
    await post(body);
    const again = await post({ "callUUID ": body.call_uuid, external_number: "+39 333 000 0001" });
    expect(again.body).toEqual({
      success: true,
      duplicate: true,
      call: { id: 1, should_send: true, reason: "eligible" },
      message: { id: 1, status: "queued" },
    });
    expect(await messages()).toHaveLength(1);
    expect((await webhooks()).map((row) => row.outcome)).toEqual(["accepted", "duplicate"]);
  });

  it("is enriched by a later event of the same customer that carries the other id", async () => {
    await post(await fixture("cloudtalk/ended-unknown-contact"));
    const recording = await post(await fixture("cloudtalk/recording-uploaded"));
    expect(recording.body).toMatchObject({ duplicate: false, call: { id: 1 }, message: { id: 1 } });
    expect(await calls()).toMatchObject([
      {
        call_uuid: "2e60176d-0000-4a2c-86ac-620529959e75",
        call_id: "1002226167",
        recording_url: expect.stringContaining("token.wav"),
      },
    ]);
  });

  it("is told apart from another call of the same customer by its id", async () => {
    await post({ call_uuid: "a", external_number: 393330000001 });
    await post({ call_uuid: "b", external_number: 393330000001 });
    expect(await calls()).toHaveLength(2);
    expect(await messages()).toHaveLength(2);
  });

  it("is told apart from the customer's call of more than two hours ago where no id helps", async () => {
    await post({ external_number: 393330000001 });
    expect((await post({ external_number: 393330000001 })).body.duplicate).toBe(true);
    await world.query("update public.cloudtalk_calls set created_at = now() - interval '121 minutes'");
    expect((await post({ external_number: 393330000001 })).body).toMatchObject({ duplicate: false, call: { id: 2 } });
  });

  it("is one call where two rows turn out to be the same", async () => {
    await post({ call_uuid: "a", external_number: 393330000001 });
    await post({ call_id: 7, recording_url: "https://example.com/r.wav" });
    expect(await calls()).toHaveLength(2);
    await post({ call_uuid: "a", call_id: 7 });
    expect(await calls()).toMatchObject([
      { id: expect.anything(), call_id: "7", duplicate_of: null },
      { call_uuid: null, duplicate_of: expect.anything() },
    ]);
  });

  it("loses its ask again when a later event shows that nobody answered, as long as it waits", async () => {
    await post(await fixture("cloudtalk/recording-uploaded"));
    const ended = await post({
      call_id: 1002226167,
      external_number: 393330000002,
      is_voicemail: "true",
      talking_time: 30,
    });
    expect(ended.body).toMatchObject({
      call: { should_send: false, reason: "nobody_talked" },
      message: { status: "cancelled" },
    });
    const modified = await post({ call_id: 1002226167, is_voicemail: false, talking_time: 45 });
    expect(modified.body).toMatchObject({ call: { should_send: true }, message: { id: 2, status: "queued" } });
  });

  it("keeps its ask once that was sent", async () => {
    await post({ call_uuid: "a", external_number: 393330000001 });
    await world.query("update public.whatsapp_messages set status = 'sent'");
    const later = await post({ call_uuid: "a", should_send: "false" });
    expect(later.body).toMatchObject({ call: { should_send: true }, message: { id: 1, status: "sent" } });
  });

  it("gets the ask when its number comes later", async () => {
    expect((await post({ call_uuid: "a", talking_time: 9 })).body.message).toBeNull();
    expect((await post({ call_uuid: "a", external_number: 393330000001 })).body.message).toMatchObject({
      status: "queued",
    });
  });

  it("does not lose an explicit no to a later event that says nothing of it", async () => {
    await post({ data: { callId: "x", phoneNumber: "3330000006", should_send: "false" } });
    const later = await post({ data: { callId: "x", talking_time: 50 } });
    expect(later.body.call).toMatchObject({ should_send: false, reason: "payload_says_no" });
  });
});

describe("a customer who was asked recently", () => {
  it("is asked for every call by default", async () => {
    await post({ call_uuid: "a", external_number: 393330000001 });
    expect((await post({ call_uuid: "b", external_number: 393330000001 })).body.call.should_send).toBe(true);
  });

  it("is not asked again within WHATSAPP_ASK_COOLDOWN_HOURS, nor by a repeat after it", async () => {
    process.env.WHATSAPP_ASK_COOLDOWN_HOURS = "24";
    await post({ call_uuid: "a", external_number: 393330000001 });
    const second = await post({ call_uuid: "b", external_number: 393330000001 });
    expect(second.body).toMatchObject({ call: { should_send: false, reason: "asked_recently" }, message: null });
    await world.query("update public.whatsapp_messages set created_at = now() - interval '25 hours'");
    expect((await post({ call_uuid: "b", external_number: 393330000001 })).body).toMatchObject({
      duplicate: true,
      message: null,
    });
    expect((await post({ call_uuid: "c", external_number: 393330000001 })).body.call.should_send).toBe(true);
  });
});

describe("bad input", () => {
  it("without the secret gets 401 without detail, and nothing is kept", async () => {
    process.env.CLOUDTALK_WEBHOOK_SECRET = "new, old";
    expect((await post({ call_uuid: "a" })).status).toBe(401);
    expect((await post({ call_uuid: "a" }, { authorization: "Bearer nope" })).status).toBe(401);
    expect(await webhooks()).toEqual([]);
    expect((await post({ call_uuid: "a" }, { authorization: "Bearer old" })).status).toBe(200);
    expect((await post({ call_uuid: "b" }, { "x-webhook-secret": "new" })).status).toBe(200);
    expect((await post({ call_uuid: "c" }, {}, "/webhook/cloudtalk?token=new")).status).toBe(200);
    expect(JSON.stringify(await webhooks())).not.toMatch(/token=new/);
  });

  it("on a deployment without a secret gets 503 with the variable's name", async () => {
    vi.stubEnv("LOCAL_DEVELOPMENT", "");
    const answer = await post({ call_uuid: "a" });
    expect(answer).toMatchObject({ status: 503, body: { success: false, error: { code: "not_configured" } } });
    expect(answer.body.error.message).toContain("CLOUDTALK_WEBHOOK_SECRET");
  });

  it("that is no JSON gets 400, and is kept", async () => {
    const answer = await post("{ not json");
    expect(answer).toMatchObject({ status: 400, body: { success: false, error: { code: "malformed_body" } } });
    expect(await webhooks()).toMatchObject([{ outcome: "invalid", raw_body: "{ not json", body: null }]);
  });

  it("in which no call can be recognised gets 422 with what was looked for, and is kept", async () => {
    const answer = await post({ hello: "world" });
    expect(answer.status).toBe(422);
    expect(answer.body.error.message).toContain("call_uuid");
    expect(await webhooks()).toMatchObject([{ outcome: "invalid", body: { hello: "world" } }]);
  });

  it("larger than 1 MiB gets 413, and nothing is kept", async () => {
    expect((await post({ call_uuid: "a", transcript: "x".repeat(1024 * 1024) })).status).toBe(413);
    expect(await webhooks()).toEqual([]);
  });

  it("about an event that is not the end of a call is ignored, and kept", async () => {
    const answer = await post({ event_type: "call.started", call_uuid: "a", external_number: 393330000001 });
    expect(answer).toMatchObject({ status: 200, body: { success: true, ignored: true } });
    expect(await webhooks()).toMatchObject([{ outcome: "ignored", event_type: "call.started" }]);
    expect(await calls()).toEqual([]);
  });

  it("with what PostgreSQL cannot store is stored without it", async () => {
    const answer = await post(
      '{"call_uuid":"a\\u0000b","external_number":393330000001,"note":"\\ud800","__proto__":{"x":1}}',
    );
    expect(answer.status).toBe(200);
    expect(await calls()).toHaveLength(1);
  });

  it("while the database does not answer gets 503 with Retry-After", async () => {
    const url = process.env.SUPABASE_URL;
    process.env.SUPABASE_URL = "http://127.0.0.1:9";
    const answer = await post({ call_uuid: "a" });
    process.env.SUPABASE_URL = url;
    expect(answer).toMatchObject({ status: 503, body: { error: { code: "database_unavailable" } } });
    expect(answer.headers.get("retry-after")).toBe("10");
  });

  it("without a variable gets 503 with its name", async () => {
    const key = process.env.SUPABASE_KEY;
    delete process.env.SUPABASE_KEY;
    const answer = await post({ call_uuid: "a" });
    process.env.SUPABASE_KEY = key;
    expect(answer.status).toBe(503);
    expect(answer.body.error.message).toContain("SUPABASE_KEY");
  });
});

it("twenty concurrent copies of one webhook make one call and one message", async () => {
  const body = await fixture("cloudtalk/ended-known-contact");
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(body)));
  expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(200));
  expect(answers.filter((answer) => !answer.body.duplicate)).toHaveLength(1);
  expect(await calls()).toHaveLength(1);
  expect(await messages()).toHaveLength(1);
  expect(await webhooks()).toHaveLength(20);
});

it("twenty concurrent copies without any id make one call and one message", async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => post({ external_number: "393330000001", talking_time: 5 })),
  );
  expect(answers.filter((answer) => !answer.body.duplicate)).toHaveLength(1);
  expect(await messages()).toHaveLength(1);
});

it("content that the database refuses gets 422, and is kept to be replayed, with its customer's ask untouched", async () => {
  const rule = (change: string) =>
    world.database.exec(`alter table public.cloudtalk_calls alter column agent_id ${change} not null`);
  await rule("set");
  const body = { call_uuid: "a", external_number: 393330000001 };
  const answer = await post(body);
  await rule("drop");
  expect(answer.status).toBe(422);
  expect(answer.body.error).toEqual({
    code: "content_refused",
    message: "The database does not take its content (23502).",
  });
  expect(await calls()).toEqual([]);
  expect(await messages()).toEqual([]);
  expect(await webhooks()).toMatchObject([
    { outcome: "invalid", outcome_detail: "The database does not take its content (23502).", body },
  ]);
});

describe("the log", () => {
  const SECRETS = { CLOUDTALK_WEBHOOK_SECRET: "hush-hush+cloudtalk/1=", WHATSAPP_API_TOKEN: "" };
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
    const lineOf = async (body: unknown, token = SECRETS.CLOUDTALK_WEBHOOK_SECRET) => {
      for (const spy of printed) spy.mockClear();
      await post(body, {}, `/webhook/cloudtalk?token=${encodeURIComponent(token)}`);
      const lines = printed.flatMap((spy) => spy.mock.calls.flat()).map(String);
      expect(lines).toHaveLength(1);
      const hidden = [token, encodeURIComponent(token), world.supabase.secretKey, WORDS, "3330000001", "333 000 0001"];
      for (const text of hidden) expect(lines[0]).not.toContain(text);
      return JSON.parse(lines[0] ?? "");
    };
    const ended = { call_uuid: "a", external_number: 393330000001, talking_time: 45, contact_name: WORDS };
    const line = { event: "cloudtalk-webhook", ms: expect.any(Number) };
    expect(await lineOf(ended)).toEqual({
      ...line,
      level: "info",
      status: 200,
      outcome: "accepted",
      webhook: 1,
      call: 1,
      message: 1,
    });
    expect(await lineOf(ended)).toMatchObject({ ...line, status: 200, outcome: "duplicate", call: 1, message: 1 });
    expect(await lineOf({ event: "contact.updated", contact: { name: WORDS } })).toEqual({
      ...line,
      level: "info",
      status: 200,
      type: "contact.updated",
      outcome: "ignored",
      webhook: 3,
    });
    expect(await lineOf({ note: WORDS })).toMatchObject({
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
    expect(await lineOf(ended, "hush-hush+cloudtalk/1")).toEqual({
      ...line,
      level: "warn",
      status: 401,
      outcome: "unauthorized",
      error: "HttpError: Unauthorized.",
    });
    expect((await webhooks()).map((row) => row.id)).toEqual([1, 2, 3, 4, 5]);
  });
});
