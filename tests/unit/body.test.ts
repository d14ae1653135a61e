import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Body, MAX_BODY_BYTES, readBody } from "../../lib/http/body.ts";
import { HttpError } from "../../lib/http/errors.ts";

function read(body: BodyInit, type: string | null = "application/json", headers: Record<string, string> = {}) {
  const request = new Request("https://example.test/", { method: "POST", body, headers });
  if (type !== null) request.headers.set("content-type", type);
  else request.headers.delete("content-type");
  return readBody(request);
}
const FORM = "application/x-www-form-urlencoded";
const parsed = (body: Body) => (body.ok ? body.value : expect.unreachable(`not read: ${body.expected}`));

describe("JSON", () => {
  it.each(["application/json", "application/json; charset=utf-8", "text/plain", null])(
    "is read as %s",
    async (type) => {
      expect(await read('{"call_uuid":"a","talking_time":45}', type)).toEqual({
        ok: true,
        value: { call_uuid: "a", talking_time: 45 },
      });
    },
  );

  it("is read behind a byte order mark", async () => {
    expect(parsed(await read(`\uFEFF{"a":1}`))).toEqual({ a: 1 });
  });

  it("is read where a template quoted all of it once too often", async () => {
    expect(parsed(await read(JSON.stringify('{"a":{"b":1}}')))).toEqual({ a: { b: 1 } });
  });

  it.each(["", " ", "{", "hello", "{'a':1}", '{"a":}', "null", "true", "12", '"words"', '"{broken"'])(
    "%j is not understood, and its text is kept",
    async (text) => {
      expect(await read(text)).toEqual({ ok: false, raw: text, expected: "a JSON object" });
    },
  );

  it("keeps __proto__ and constructor as keys like any other", async () => {
    const value = parsed(await read('{"__proto__":{"admin":true},"constructor":1}'));
    expect(Object.keys(value as object)).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it("keeps each digit of a whole number beyond 2^53: rounded, two calls would share an id", async () => {
    expect(parsed(await read('{"id":12345678901234567890,"list":[9007199254740993],"n":-9007199254740993}'))).toEqual({
      id: "12345678901234567890",
      list: ["9007199254740993"],
      n: "-9007199254740993",
    });
    expect(parsed(await read('{"id":9007199254740991,"pi":3.14159265358979323846,"t":"1234567890123456789"}'))).toEqual(
      {
        id: 9007199254740991,
        pi: Math.PI,
        t: "1234567890123456789",
      },
    );
  });

  it("takes a number that is larger than any for nothing", async () => {
    expect(parsed(await read('{"a":1e999}'))).toEqual({ a: null });
  });
});

describe("what PostgreSQL cannot store is replaced", () => {
  it("NUL and lone surrogates, in keys and values", async () => {
    expect(parsed(await read('{"a\\u0000":["x\\u0000y","\\ud800","\\udc00\\ud83d"],"😀":"😀"}'))).toEqual({
      "a\uFFFD": ["x\uFFFDy", "\uFFFD", "\uFFFD\uFFFD"],
      "😀": "😀",
    });
  });

  it("malformed UTF-8", async () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xc3, 0x28]), Buffer.from('"}')]);
    expect(parsed(await read(bytes))).toEqual({ a: "\uFFFD\uFFFD(" });
  });

  it("in a text that is no JSON", async () => {
    expect(await read("\u0000{")).toMatchObject({ ok: false, raw: "\uFFFD{" });
  });

  it("in form data", async () => {
    expect(parsed(await read("a%00=b%00&c=%FF", FORM))).toEqual({ "a\uFFFD": "b\uFFFD", c: "\uFFFD" });
  });
});

describe("form data", () => {
  it("urlencoded", async () => {
    expect(parsed(await read("external_number=%2B393330000001&contact_name=Maria+Rossi&empty=", FORM))).toEqual({
      external_number: "+393330000001",
      contact_name: "Maria Rossi",
      empty: "",
    });
  });

  it("that is JSON by another name, as curl -d sends it", async () => {
    expect(parsed(await read('{"a":"b&c=d"}', FORM))).toEqual({ a: "b&c=d" });
  });

  it("with a field that holds a JSON object", async () => {
    expect(parsed(await read(`payload=${encodeURIComponent('{"callId":"c1"}')}&note=%7Bnot+json`, FORM))).toEqual({
      payload: { callId: "c1" },
      note: "{not json",
    });
  });

  it("multipart, without its files", async () => {
    const form = new FormData();
    form.set("call_uuid", "a");
    form.set("data[callId]", "c1");
    form.set("recording", new File(["x"], "call.wav"));
    const request = new Request("https://example.test/", { method: "POST", body: form });
    expect(await readBody(request)).toEqual({ ok: true, value: { call_uuid: "a", "data[callId]": "c1" } });
  });

  it.each(["multipart/form-data", "multipart/form-data; boundary=x"])("%s that is broken is kept", async (type) => {
    expect(await read("hello", type)).toEqual({ ok: false, raw: "hello", expected: "multipart form data" });
  });

  it("keeps __proto__ as a key like any other", async () => {
    const value = parsed(await read("__proto__=x&__proto__[admin]=true", FORM));
    expect(Object.keys(value as object)).toEqual(["__proto__", "__proto__[admin]"]);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });
});

describe("the size limit", () => {
  const inChunks = (size: number) =>
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (let left = size; left > 0; left -= 65_536)
          controller.enqueue(new Uint8Array(Math.min(left, 65_536)).fill(32));
        controller.close();
      },
    });
  // A stream needs "duplex", which the DOM's types do not know.
  const init = (size: number, headers: Record<string, string>): RequestInit =>
    Object.assign({ method: "POST", body: inChunks(size), headers }, { duplex: "half" });
  const streamed = (size: number, headers: Record<string, string> = {}) =>
    readBody(new Request("https://example.test/", init(size, headers)));

  it("is told by content-length, before anything is read", async () => {
    const request = new Request("https://example.test/", {
      method: "POST",
      body: "{}",
      headers: { "content-length": String(MAX_BODY_BYTES + 1) },
    });
    await expect(readBody(request)).rejects.toMatchObject({ status: 413, code: "too_large" });
    expect(request.bodyUsed).toBe(false);
  });

  it("is kept where content-length is missing or lies", async () => {
    await expect(streamed(MAX_BODY_BYTES + 1)).rejects.toThrow(HttpError);
    await expect(streamed(MAX_BODY_BYTES + 1, { "content-length": "2" })).rejects.toMatchObject({ status: 413 });
  });

  it("lets the largest allowed body pass", async () => {
    expect(await streamed(MAX_BODY_BYTES)).toMatchObject({ ok: false });
    const text = JSON.stringify({ transcript: "x".repeat(MAX_BODY_BYTES - 17) });
    expect(text).toHaveLength(MAX_BODY_BYTES);
    expect(await read(text)).toMatchObject({ ok: true });
  });
});

describe("a hostile body", () => {
  it.each([
    ["lists", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["objects", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
    ["lists around a long number", `${"[".repeat(100_000)}12345678901234567890${"]".repeat(100_000)}`],
    ["lists without an end", "[".repeat(100_000)],
    ["lists in a string", JSON.stringify("[".repeat(100_000) + "]".repeat(100_000))],
  ])("100,000 levels of %s do no harm", async (_, text) => {
    const body = await read(text);
    expect(JSON.stringify(body).length).toBeLessThan(MAX_BODY_BYTES);
  });

  it("of 100,000 keys is read, as JSON and as a form", async () => {
    const text = JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [i.toString(36), 1])));
    const form = Array.from({ length: 100_000 }, (_, i) => `${i.toString(36)}=1`).join("&");
    expect(await read(text)).toMatchObject({ ok: true });
    expect(await read(form, FORM)).toMatchObject({ ok: true });
  });

  it("of any bytes under any type is read or kept, and can be stored", async () => {
    const storable = (text: string) => expect(text.isWellFormed() && !text.includes("\u0000")).toBe(true);
    const types = fc.constantFrom("application/json", FORM, "multipart/form-data; boundary=x", "text/plain", "x");
    await fc.assert(
      fc.asyncProperty(
        types,
        fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from), fc.string({ unit: "binary" }).map(Buffer.from)),
        async (type, bytes) => {
          const body = await read(new Uint8Array(bytes), type);
          if (body.ok)
            JSON.stringify(body.value, (key, value) => {
              storable(key);
              if (typeof value === "string") storable(value);
              return value;
            });
          else storable(body.raw);
        },
      ),
    );
  });
});
