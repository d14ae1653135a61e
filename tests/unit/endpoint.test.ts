import { afterEach, describe, expect, it, vi } from "vitest";
import { ConfigError } from "../../lib/environment.ts";
import { endpoint, json, methodNotAllowed } from "../../lib/http/endpoint.ts";
import { HttpError } from "../../lib/http/errors.ts";
import { DatabaseError } from "../../lib/supabase/database-error.ts";

const env = { SUPABASE_URL: "https://abcd.supabase.co", SUPABASE_KEY: "key-of-supabase" };
const request = () => new Request("https://example.test/api/x", { method: "POST" });

async function answerTo(thrown: unknown) {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const lines = (["info", "warn", "error"] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(() => undefined),
  );
  const response = await endpoint("test", async (_, { note }) => {
    note({ call: 7 });
    throw thrown;
  })(request());
  return { response, body: await response.json(), log: lines.flatMap((line) => line.mock.calls.flat()).join("\n") };
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("an error becomes its answer", () => {
  it.each([
    [new HttpError(413, "too_large", "Too large."), 413, { code: "too_large", message: "Too large." }],
    [
      new ConfigError("CRON_SECRET", "is not set."),
      503,
      { code: "not_configured", message: "CRON_SECRET is not set." },
    ],
    [
      new DatabaseError("record_webhook", "permission denied for customer +393330000001", "42501"),
      503,
      { code: "database_unavailable", message: "The database did not answer. Please try again." },
    ],
    [
      new TypeError("x is undefined in secret place"),
      500,
      { code: "internal_error", message: "Something went wrong on our side." },
    ],
    ["a string", 500, { code: "internal_error", message: "Something went wrong on our side." }],
  ])("%s", async (thrown, status, error) => {
    const { response, body } = await answerTo(thrown);
    expect(response.status).toBe(status);
    expect(body).toEqual({ success: false, error });
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  });

  it("with headers of its own", async () => {
    const { response } = await answerTo(new HttpError(429, "slow_down", "Later.", { "retry-after": "3" }));
    expect(response.headers.get("retry-after")).toBe("3");
  });

  it("that a webhook's sender may repeat where it was the database", async () => {
    const { response } = await answerTo(new DatabaseError("x", "timeout", null));
    expect(response.headers.get("retry-after")).toBe("10");
  });

  it("and one line of log, with what was noted before it", async () => {
    const { log } = await answerTo(new Error("oops"));
    expect(log.split("\n")).toHaveLength(1);
    expect(JSON.parse(log)).toMatchObject({
      level: "error",
      event: "test",
      status: 500,
      call: 7,
      error: "Error: oops",
    });
  });
});

it("a key that cannot be sent answers 503 with the variable's name, and is neither answered nor logged", async () => {
  vi.stubEnv("SUPABASE_URL", env.SUPABASE_URL);
  vi.stubEnv("SUPABASE_KEY", "sb_secret_of\nsupabase");
  const line = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const response = await endpoint("test", vi.fn())(request());
  const text = await response.text();
  expect(response.status).toBe(503);
  expect(text).toContain("SUPABASE_KEY must be");
  expect(text + line.mock.calls.flat().join()).not.toContain("sb_secret_of");
});

it("an error that quotes a secret is logged without it, however long its words are", async () => {
  vi.stubEnv("CRON_SECRET", "old cron/secret,old cron/secret-and-more");
  const quoted = `Headers.append: "key-of-supabase" at /?token=${encodeURIComponent("old cron/secret")} old cron/secret-and-more`;
  const { log } = await answerTo(new TypeError(`${quoted} ${"x".repeat(900_000)}`));
  expect(JSON.parse(log).error).toContain('Headers.append: "[removed]" at /?token=[removed] [removed] xxx');
  expect(log.length).toBeLessThan(1_500);
});

describe("what is too long is refused before anything else, with one line", () => {
  async function answer(url: string, headers: Record<string, string> = {}) {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    vi.spyOn(console, "info").mockImplementation(() => undefined);
    const handle = vi.fn(async () => json(200, { success: true }));
    const response = await endpoint("test", handle)(new Request(url, { headers }));
    const lines = warn.mock.calls.flat().map((line) => JSON.parse(line));
    return { status: response.status, body: await response.json(), lines, handled: handle.mock.calls.length };
  }
  const ADDRESS = "https://example.test/api/x?q=";
  const addressOf = (length: number) => ADDRESS + "a".repeat(length - ADDRESS.length);

  it("an address of more than 8 KiB: 414", async () => {
    expect(await answer(addressOf(8_193))).toMatchObject({
      status: 414,
      body: { success: false, error: { code: "url_too_long" } },
      lines: [{ event: "test", status: 414, outcome: "url_too_long", ms: expect.any(Number) }],
      handled: 0,
    });
    expect(await answer(addressOf(8_192))).toMatchObject({ status: 200, handled: 1 });
  });

  it("headers of more than 32 KiB together: 431", async () => {
    const headers = (length: number) => ({ cookie: "c".repeat(20_000), "x-a": "a".repeat(length - 20_000 - 9) });
    expect(await answer(ADDRESS, headers(32_769))).toMatchObject({
      status: 431,
      body: { success: false, error: { code: "headers_too_large" } },
      lines: [{ event: "test", status: 431, outcome: "headers_too_large" }],
      handled: 0,
    });
    expect(await answer(ADDRESS, headers(32_768))).toMatchObject({ status: 200, handled: 1 });
  });

  it("also where the configuration is wrong", async () => {
    vi.stubEnv("SUPABASE_URL", "");
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    expect((await endpoint("test", vi.fn())(new Request(addressOf(8_193)))).status).toBe(414);
  });
});

it("an error's line says what was answered, unless more was noted", async () => {
  expect(JSON.parse((await answerTo(new HttpError(401, "unauthorized", "Unauthorized."))).log)).toMatchObject({
    outcome: "unauthorized",
  });
  vi.restoreAllMocks();
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  await endpoint("test", async (_, { note }) => {
    note({ outcome: "invalid" });
    throw new HttpError(422, "not_recognised", "No.");
  })(request());
  expect(JSON.parse(warn.mock.calls[0]?.[0])).toMatchObject({ outcome: "invalid", status: 422 });
});

it("a configuration that is missing answers 503 before the handler runs", async () => {
  vi.stubEnv("SUPABASE_URL", "");
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const handle = vi.fn();
  const response = await endpoint("test", handle)(request());
  expect(response.status).toBe(503);
  expect((await response.json()).error.message).toContain("SUPABASE_URL");
  expect(handle).not.toHaveBeenCalled();
});

it("another method answers 405 with Allow, and one line", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const handlers = methodNotAllowed("GET", "HEAD");
  const response = handlers.DELETE(new Request("https://example.test/api/whatsapp-webhook?x=1", { method: "DELETE" }));
  expect(warn.mock.calls.flat().map((line) => JSON.parse(line))).toEqual([
    { level: "warn", event: "whatsapp-webhook", status: 405, outcome: "method_not_allowed", method: "DELETE" },
  ]);
  handlers.DELETE(new Request("https://example.test/393330000001"));
  expect(JSON.parse(warn.mock.calls[1]?.[0]).event).toBe("unknown");
  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe("GET, HEAD");
  expect(await response.json()).toMatchObject({ success: false, error: { code: "method_not_allowed" } });
});

it("no answer may be cached, and a header of one's own stays", () => {
  const response = json(200, { success: true }, { "x-own": "1" });
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("x-own")).toBe("1");
});
