import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../lib/config.ts";
import { type Body, readBody } from "../../lib/http/body.ts";
import { toStoredRequest } from "../../lib/http/stored-request.ts";

const SECRETS = ["cloudtalk+secret/1=", "cloudtalk+secret/1=longer", "wasender-hook-secret", "wasender-api-token"];
const SESSION_KEY = "SESSION_API_KEY_TO_REMOVE";
const config = readConfig({
  SUPABASE_URL: "https://abcd.supabase.co",
  SUPABASE_KEY: "sb_secret_of_supabase",
  CLOUDTALK_WEBHOOK_SECRET: `${SECRETS[0]},${SECRETS[1]}`,
  WHATSAPP_WEBHOOK_SECRET: `${SECRETS[2]}`,
  WHATSAPP_API_TOKEN: `${SECRETS[3]}`,
});
const request = (path = "/webhook/cloudtalk", headers: Record<string, string> = {}) =>
  new Request(`https://example.test${path}`, { method: "POST", headers });
const store = (body: Body, given = request(), eventType: string | null = null) =>
  toStoredRequest("wasender", given, body, eventType, config);
const stored = (value: Extract<Body, { ok: true }>["value"]) => store({ ok: true, value }).body;

it("what is needed to understand a webhook is kept", () => {
  const given = request("/webhook/cloudtalk?source=a&source=b", {
    "content-type": "application/json",
    "user-agent": "cloudtalk-workflow-automation",
    "x-real-ip": "203.0.113.7",
    "x-vercel-id": "fra1::x",
  });
  expect(store({ ok: true, value: { call_uuid: "a" } }, given, "call.ended")).toEqual({
    source: "wasender",
    method: "POST",
    path: "/webhook/cloudtalk",
    url: "/webhook/cloudtalk?source=a&source=b",
    headers: {
      "content-type": "application/json",
      "user-agent": "cloudtalk-workflow-automation",
      "x-vercel-id": "fra1::x",
    },
    query: { source: "b" },
    body: { call_uuid: "a" },
    raw_body: null,
    ip_address: "203.0.113.7",
    user_agent: "cloudtalk-workflow-automation",
    event_type: "call.ended",
  });
});

it("no copy of a file is kept: neither WhatsApp's small pictures nor a quoted message with the file's key", () => {
  const imageMessage = { url: "https://mmg.whatsapp.net/v/a", mediaKey: "key", caption: "bolletta" };
  const contextInfo = { stanzaId: "3EB0", quotedMessage: { imageMessage } };
  const documentMessage = {
    fileName: "b.pdf",
    thumbnailDirectPath: "/v/b",
    thumbnailSha256: "c",
    thumbnailEncSha256: "d",
  };
  expect(
    stored({
      message: {
        imageMessage: { ...imageMessage, jpegThumbnail: "/9j/4AAQ" },
        stickerMessage: { pngThumbnail: "iVBORw0" },
        extendedTextMessage: { text: "Ecco", contextInfo },
        documentMessage,
      },
    }),
  ).toEqual({
    message: {
      imageMessage,
      stickerMessage: {},
      extendedTextMessage: { text: "Ecco", contextInfo: { stanzaId: "3EB0" } },
      documentMessage: { fileName: "b.pdf" },
    },
  });
});

describe("the session's key does not survive", () => {
  it.each([
    "sessionId",
    "session_id",
    "SessionID",
    " session-id ",
    "session id",
    "apiKey",
    "x-api-key",
    "Authorization",
  ])("under %j", (key) => {
    expect(stored({ [key]: SESSION_KEY, event: "x" })).toEqual({ event: "x" });
  });

  it("at any depth, and wherever else the body repeats it", () => {
    const body = stored({
      sessionId: SESSION_KEY,
      data: [{ messages: { sessionId: { id: SESSION_KEY } }, note: `key ${SESSION_KEY}!`, [SESSION_KEY]: 1 }],
    });
    expect(body).toEqual({ data: [{ messages: {}, note: "key [removed]!", "[removed]": 1 }] });
  });

  it.each([
    ["JSON", `{"sessionId":"${SESSION_KEY}","event":`],
    ["JSON with spaces", `{ "session_id" : "${SESSION_KEY}"`],
    ["JSON in a string", `"{\\"sessionId\\":\\"${SESSION_KEY}\\",`],
    ["JSON in a string in a string", `"{\\\\\\"sessionId\\\\\\":\\\\\\"${SESSION_KEY}\\\\\\",`],
    ["single quotes", `{'sessionId': '${SESSION_KEY}'}`],
    ["YAML", `sessionId: ${SESSION_KEY}\nevent: x`],
    ["a form", `event=x&sessionId=${SESSION_KEY}&a=b`],
    ["multipart", `--x\r\nContent-Disposition: form-data; name="sessionId"\r\n\r\n${SESSION_KEY}\r\n--y`],
    ["a header", `Authorization: Bearer ${SESSION_KEY}`],
  ])("in a raw body that looks like %s", (_, raw) => {
    const kept = store({ ok: false, raw, expected: "JSON" }).raw_body;
    expect(kept).not.toContain(SESSION_KEY);
    expect(kept).toContain("[removed]");
  });

  it("in a document that is a value of another", () => {
    expect(JSON.stringify(stored({ payload: `{"sessionId":"${SESSION_KEY}"}` }))).not.toContain(SESSION_KEY);
  });
});

describe("our secrets do not survive", () => {
  it.each(SECRETS)("%s: in the query, the path, headers, bodies and keys", (secret) => {
    const encoded = encodeURIComponent(secret);
    const given = request(`/webhook/cloudtalk/${encoded}?token=${encoded}&other=${encoded}&${encoded}=1`, {
      "user-agent": `curl ${secret}`,
      authorization: `Bearer ${secret}`,
      "x-webhook-secret": secret,
    });
    const value = { a: [secret, { b: `x${secret}y` }], [secret]: "", json: JSON.stringify({ a: secret }) };
    for (const body of [
      { ok: true, value } as const,
      { ok: false, raw: `${secret} ${encoded} ${JSON.stringify(secret)}`, expected: "JSON" } as const,
    ]) {
      const all = JSON.stringify(store(body, given, `event ${secret}`));
      expect(all).not.toContain(secret);
      expect(all).not.toContain(encoded);
      expect(all).not.toContain("longer");
    }
  });

  it.each(["token", "TOKEN", "secret", "api_key", "sessionId", "signature", "auth"])(
    "?%s= is removed whatever it holds: a mistyped secret is nearly one",
    (name) => {
      const { url, query } = store({ ok: true, value: {} }, request(`/webhook/cloudtalk?${name}=nearly&a=1`));
      expect(url).toBe(`/webhook/cloudtalk?${name}=%5Bremoved%5D&a=1`);
      expect(query).toEqual({ [name]: "[removed]", a: "1" });
    },
  );

  it("wherever any body may hold them", async () => {
    const secret = fc.constantFrom(...SECRETS, SESSION_KEY);
    const tree = fc.letrec((tie) => ({
      node: fc.oneof({ depthSize: "small" }, secret, fc.string(), tie("list"), tie("object")),
      list: fc.array(tie("node")),
      object: fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("sessionId", "session_id"), secret), tie("node")),
    })).object;
    await fc.assert(
      fc.asyncProperty(tree, async (value) => {
        const text = JSON.stringify({ sessionId: SESSION_KEY, ...(value as object), session_id: SESSION_KEY });
        const given = new Request("https://example.test/", { method: "POST", body: text });
        const all = JSON.stringify(store(await readBody(given), given));
        for (const each of [...SECRETS, SESSION_KEY]) expect(all).not.toContain(each);
      }),
    );
  });
});

describe("what PostgreSQL cannot store is replaced", () => {
  it("in the query", () => {
    expect(store({ ok: true, value: {} }, request("/?a%00=%00b")).query).toEqual({ "a\uFFFD": "\uFFFDb" });
  });

  it("where a long event name is cut in the middle of a sign", () => {
    const kept = store({ ok: true, value: {} }, request(), `${"x".repeat(99)}😀`).event_type ?? "";
    expect(kept.isWellFormed()).toBe(true);
    expect(kept).toHaveLength(100);
  });
});

it("a body with thousands of secret keys is kept without any of them", () => {
  const value = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, { sessionId: `secret-${i}` }]));
  expect(JSON.stringify(stored(value))).not.toContain("sessionId");
  expect(JSON.stringify(stored(value))).toContain("k19999");
});
