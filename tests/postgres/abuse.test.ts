import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { MAX_BODY_BYTES } from "../../lib/http/body.ts";
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

/** How a request comes, besides its body: what header and query can carry of it. */
const manner = fc.record({
  type: fc.oneof(
    fc.constantFrom(
      "application/json",
      "application/json; charset=utf-16",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "multipart/form-data; boundary=x",
      "text/plain",
      "image/png",
      "",
    ),
    fc.string(),
  ),
  query: fc.dictionary(fc.oneof(fc.constantFrom("token", "secret", "source", "__proto__"), nasty), nasty, {
    maxKeys: 4,
  }),
  headers: fc.dictionary(
    fc.constantFrom(
      "user-agent",
      "x-real-ip",
      "x-vercel-id",
      "x-request-id",
      "authorization",
      "cookie",
      "origin",
      "accept",
    ),
    fc.oneof(fc.string({ maxLength: 2_000 }), fc.constantFrom("é".repeat(600), "Bearer ", "a=b; c", "\t")),
  ),
});
/** What a header's value may be: no control character, and bytes only. */
const headerValue = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, "?");

const validCall = (id: string, number = 393330000001) => ({ call_uuid: id, external_number: number });
const validReply = (id: string, number = 393330000001, text = "Ciao") => ({
  event: "messages.received",
  data: { messages: { key: { id, fromMe: false, remoteJid: `${number}@s.whatsapp.net` }, messageBody: text } },
});
const reply8000 = () => {
  const reply = validReply("lid");
  return {
    ...reply,
    data: { messages: { ...reply.data.messages, key: { id: "lid", remoteJid: `${"9".repeat(8_000)}@lid` } } },
  };
};
const distinctWords = (bytes: number) => {
  let words = "";
  for (let n = 60_000; words.length < bytes; n++) words += `${n.toString(36)} `;
  return words;
};
/** Every fourth one is a compound of the widest letters, which is kept whole and in parts. */
const wideWords = (bytes: number) => {
  const wide = (n: number) => String.fromCodePoint(0x2_0000 + (n % 40_000));
  let words = "";
  for (let n = 0; words.length * 2 < bytes; n++) words += `${wide(n)}${n % 4 ? " " : "-"}`;
  return words;
};

describe.each(ENDPOINTS)("%s's webhook", (name, post, path) => {
  it("whatever comes, is answered without a fault of ours, and kept", async () => {
    const body = fc.oneof(
      fc.oneof(name === "CloudTalk" ? call : event, fc.jsonValue()).map((json) => JSON.stringify(json)),
      nasty,
      fc.uint8Array({ maxLength: 200 }),
    );
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(body, manner, async (content, { type, query, headers }) => {
        const bytes = typeof content === "string" ? content : new Uint8Array(content);
        const response = await post(
          new Request(`http://localhost${path}?${new URLSearchParams(query)}`, {
            method: "POST",
            body: bytes,
            headers: Object.entries({ ...headers, "content-type": type }).map(([key, text]): [string, string] => [
              key,
              headerValue(text),
            ]),
          }),
        );
        sent++;
        expect([200, 400, 422]).toContain(response.status);
        expect(await response.json()).toHaveProperty("success");
      }),
      { numRuns: 150 },
    );
    expect(await kept()).toBe(sent);
    // What the parsers let pass fits the tables.
    expect(
      await world.query("select body from public.webhook_requests where outcome_detail like 'The database does not%'"),
    ).toEqual([]);
  });

  it("a valid one is never lost between them", async () => {
    const valid = (n: number) => (name === "CloudTalk" ? validCall : validReply)(`valid-${n}`, 393330000001 + n);
    const rubbish = fc.sample(name === "CloudTalk" ? call : event, 40);
    await Promise.all(rubbish.flatMap((item, n) => [post(jsonRequest(path, item)), post(jsonRequest(path, valid(n)))]));
    const table =
      name === "CloudTalk" ? "public.cloudtalk_calls where call_uuid" : "public.whatsapp_messages where whatsapp_id";
    expect(await world.query(`select count(*)::int as n from ${table} like 'valid-%'`)).toEqual([{ n: 40 }]);
  });

  it.each([
    [
      "a hundred thousand keys",
      JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [n.toString(36), 1]))),
      // One of them is "id".
      [200, 422],
    ],
    ["a LID of 8,000 digits", JSON.stringify(reply8000()), [200, 422]],
    ["a call's id of 8,000 digits", JSON.stringify(validCall("9".repeat(8_000))), [200, 422]],
    [
      "900 kB of distinct words in a message",
      JSON.stringify(validReply("words", undefined, distinctWords(900_000))),
      [200, 422],
    ],
    [
      "900 kB of wide words in a message",
      JSON.stringify(validReply("wide", undefined, wideWords(900_000))),
      [200, 422],
    ],
    [
      "900 kB of distinct words in a call",
      JSON.stringify({ ...validCall("words"), transcript: distinctWords(900_000), reason: distinctWords(9_000) }),
      [200, 422],
    ],
    ["a hundred thousand levels", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, [400, 422]],
    ["a hundred thousand levels of objects", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, [400, 422]],
    ["malformed UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), [400, 422]],
    ["nothing", "", [400]],
    ["a list", "[1,2,3]", [400, 422]],
  ])("%s is answered and kept", async (_, content, statuses) => {
    const response = await post(new Request(`http://localhost${path}`, { method: "POST", body: content }));
    expect(content.length).toBeLessThanOrEqual(MAX_BODY_BYTES);
    expect(statuses).toContain(response.status);
    expect(await kept()).toBe(1);
    // And the next one, which is valid, is not lost.
    const next = await post(jsonRequest(path, (name === "CloudTalk" ? validCall : validReply)("next", 393330000002)));
    expect(await next.json()).toMatchObject({ success: true, duplicate: false });
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

  it("a body that drips is not waited for: 408 after ten seconds, and nothing is kept", async () => {
    const reallyLater = setTimeout;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      let drops = 0;
      let cancelled = false;
      const drip = new ReadableStream({
        async pull(controller) {
          await new Promise((resolve) => reallyLater(resolve, 5));
          if (cancelled) return;
          drops++;
          controller.enqueue(new TextEncoder().encode(" "));
        },
        cancel() {
          cancelled = true;
        },
      });
      const answer = post(new Request(`http://localhost${path}`, { method: "POST", body: drip, ...HALF_DUPLEX }));
      // Not by vi.waitUntil, which would move the time.
      while (drops < 3) await new Promise((resolve) => reallyLater(resolve, 5));
      await vi.advanceTimersByTimeAsync(9_900);
      expect(await Promise.race([answer, new Promise((resolve) => reallyLater(resolve, 50))])).toBeUndefined();
      await vi.advanceTimersByTimeAsync(200);
      const response = await answer;
      expect(response.status).toBe(408);
      expect(await response.json()).toMatchObject({ error: { code: "slow_body" } });
      expect(cancelled).toBe(true);
    } finally {
      vi.useRealTimers();
    }
    expect(await kept()).toBe(0);
  });
});

describe("a reply of many different words", () => {
  it.each([
    ["of letters", distinctWords(900_000)],
    ["of the widest characters", wideWords(900_000)],
  ])("%s is stored whole, marks the calls, and is found by its words", async (_, text) => {
    await postCall(jsonRequest("/webhook/cloudtalk", validCall("a")));
    const response = await postMessage(jsonRequest("/api/whatsapp-webhook", validReply("long", undefined, text)));
    expect(await response.json()).toMatchObject({ success: true, duplicate: false });
    expect(
      await world.query("select length(text) as n from public.whatsapp_messages where direction = 'incoming'"),
    ).toEqual([{ n: [...text].length }]);
    expect(await world.query("select electricity_bill_received as flag from public.cloudtalk_calls")).toEqual([
      { flag: true },
    ]);
    const found = (q: string) =>
      world.query(`select 1 as found from private.find_conversations(null, '${q}', null, 10)`);
    expect(await found(text.split(" ")[5] ?? "")).toEqual([{ found: 1 }]);
    expect(await found("bolletta")).toEqual([]);
  });

  it("is looked for by the very expression that the index has", async () => {
    await world.database.exec(`
      create function public.test_plan(p_query text) returns setof text language plpgsql set enable_seqscan = off as $$
      begin return query execute 'explain ' || p_query; end $$
    `);
    const [find] = await world.query<{ source: string }>(
      "select prosrc as source from pg_proc where proname = 'find_conversations'",
    );
    const words = /to_tsvector\(.*\)(?= @@)/.exec(find?.source ?? "")?.[0];
    const plan = await world.query<{ line: string }>(
      `select public.test_plan($q$select from public.whatsapp_messages m where ${words} @@ 'ciao'::tsquery$q$) as line`,
    );
    await world.database.exec("drop function public.test_plan");
    expect(plan.map(({ line }) => line).join("\n")).toContain("whatsapp_messages_words_idx");
  });
});
