import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { readBody } from "../../lib/body.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  for (const name of ["CLOUDTALK_WEBHOOK_SECRET", "WHATSAPP_WEBHOOK_SECRET", "WHATSAPP_API_TOKEN"])
    delete process.env[name];
});

const ENDPOINTS = [
  ["CloudTalk", postCall, "/webhook/cloudtalk"],
  ["Wasender", postMessage, "/api/whatsapp-webhook"],
] as const;
/** A stream as a body needs it, and TypeScript's DOM does not know it. */
const HALF_DUPLEX = { duplex: "half" };
const kept = async () =>
  (await world.query<{ n: number }>("select count(*)::int as n from public.webhook_requests"))[0]?.n ?? 0;

/** Strings that databases and parsers trip over. */
const nasty = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "\u0000",
    "\ud800",
    "\udfff x",
    "__proto__",
    "constructor",
    "' or 1=1 --",
    "{{ x }}",
    "9".repeat(400),
    "1e999",
    "\u202e",
    "NaN",
    "-0",
    "2026-13-45",
  ),
);
const value = fc.oneof(
  nasty,
  fc.double(),
  fc.integer(),
  fc.bigInt().map(String),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue(),
);
const CALL_KEYS = [
  "call_uuid",
  "callId",
  "id",
  "external_number",
  "phoneNumber",
  "to",
  "direction",
  "talking_time",
  "duration",
  "is_voicemail",
  "started_at",
  "ended_at",
  "should_send",
  "event_type",
  "status",
  "contact_name",
  "annual_consumption_kwh",
  "data",
  "transcript",
  "__proto__",
];
const call = fc.dictionary(fc.oneof(fc.constantFrom(...CALL_KEYS), nasty), value);
const KEY_KEYS = ["id", "fromMe", "remoteJid", "senderPn", "cleanedSenderPn", "senderLid", "participant"];
const message = fc.record(
  {
    key: fc.dictionary(
      fc.constantFrom(...KEY_KEYS),
      fc.oneof(value, fc.constantFrom("393330000001@s.whatsapp.net", "1@lid", "x@g.us")),
    ),
    message: fc.oneof(
      value,
      fc.dictionary(
        fc.constantFrom(
          "conversation",
          "imageMessage",
          "documentWithCaptionMessage",
          "extendedTextMessage",
          "reactionMessage",
        ),
        fc.oneof(value, fc.dictionary(nasty, value)),
      ),
    ),
    messageTimestamp: value,
    messageBody: value,
    pushName: value,
    msgId: value,
    update: fc.oneof(value, fc.record({ status: value })),
    status: value,
    success: value,
    error: value,
  },
  { requiredKeys: [] },
);
const event = fc.record(
  {
    event: fc.oneof(
      fc.constantFrom(
        "messages.received",
        "messages.upsert",
        "messages.update",
        "message.sent",
        "session.status",
        "call",
      ),
      nasty,
    ),
    sessionId: value,
    timestamp: value,
    data: fc.oneof(value, message, fc.record({ messages: fc.oneof(message, fc.array(message, { maxLength: 4 })) })),
  },
  { requiredKeys: [] },
);

describe.each(ENDPOINTS)("%s's webhook", (name, post, path) => {
  it("whatever comes, is answered without a fault of ours, and kept", async () => {
    const body = fc.oneof(
      fc.oneof(name === "CloudTalk" ? call : event, fc.jsonValue()).map((json) => JSON.stringify(json)),
      nasty,
      fc.uint8Array({ maxLength: 200 }),
    );
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(body, async (content) => {
        const bytes = typeof content === "string" ? content : new Uint8Array(content);
        const response = await post(
          new Request(`http://localhost${path}`, {
            method: "POST",
            body: bytes,
            headers: { "content-type": "application/json" },
          }),
        );
        sent++;
        expect([200, 400, 422]).toContain(response.status);
        expect(await response.json()).toHaveProperty("success");
      }),
      { numRuns: 300 },
    );
    expect(await kept()).toBe(sent);
  });

  it("a valid one is never lost between them", async () => {
    const valid = (n: number) =>
      name === "CloudTalk"
        ? { call_uuid: `valid-${n}`, external_number: 393330000001 + n }
        : {
            event: "messages.received",
            data: {
              messages: {
                key: { id: `valid-${n}`, fromMe: false, remoteJid: `${393330000001 + n}@s.whatsapp.net` },
                messageBody: "Ciao",
              },
            },
          };
    const rubbish = fc.sample(name === "CloudTalk" ? call : event, 40);
    await Promise.all(rubbish.flatMap((item, n) => [post(jsonRequest(path, item)), post(jsonRequest(path, valid(n)))]));
    const table =
      name === "CloudTalk" ? "public.cloudtalk_calls where call_uuid" : "public.whatsapp_messages where whatsapp_id";
    expect(await world.query(`select count(*)::int as n from ${table} like 'valid-%'`)).toEqual([{ n: 40 }]);
  });

  it.each([
    [
      "a hundred thousand keys",
      JSON.stringify(Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`k${n}`, n]))),
      [200, 422],
    ],
    ["a hundred thousand levels", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, [400, 422]],
    ["a hundred thousand levels of objects", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, [400, 422]],
    ["malformed UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), [400, 422]],
    ["nothing", "", [400]],
    ["a list", "[1,2,3]", [400, 422]],
  ])("%s is answered and kept", async (_, content, statuses) => {
    const response = await post(new Request(`http://localhost${path}`, { method: "POST", body: content }));
    expect(statuses).toContain(response.status);
    expect(await kept()).toBe(1);
  });

  it("a flood of wrong secrets never reaches the database", async () => {
    process.env.CLOUDTALK_WEBHOOK_SECRET = "right-secret";
    process.env.WHATSAPP_WEBHOOK_SECRET = "right-secret";
    const url = process.env.SUPABASE_URL;
    process.env.SUPABASE_URL = "http://127.0.0.1:9";
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, n) =>
        post(jsonRequest(path, { call_uuid: n }, { authorization: `Bearer guess-${n}` })),
      ),
    );
    process.env.SUPABASE_URL = url;
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([401]));
  });

  it("a body that drips is not waited for", async () => {
    const drip = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        controller.enqueue(new TextEncoder().encode(" "));
      },
    });
    const request = new Request(`http://localhost${path}`, { method: "POST", body: drip, ...HALF_DUPLEX });
    await expect(readBody(request, 100)).rejects.toMatchObject({ status: 408, code: "slow_body" });
  });
});
