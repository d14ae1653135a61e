import { afterEach, describe, expect, it, vi } from "vitest";
import { ConfigError } from "../../lib/config.ts";
import { endpoint, HttpError, json, methodNotAllowed } from "../../lib/http.ts";
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

it("a configuration that is missing answers 503 before the handler runs", async () => {
  vi.stubEnv("SUPABASE_URL", "");
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const handle = vi.fn();
  const response = await endpoint("test", handle)(request());
  expect(response.status).toBe(503);
  expect((await response.json()).error.message).toContain("SUPABASE_URL");
  expect(handle).not.toHaveBeenCalled();
});

it("another method answers 405 with Allow", async () => {
  const handlers = methodNotAllowed("GET", "HEAD");
  const response = handlers.DELETE(request());
  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe("GET, HEAD");
  expect(await response.json()).toMatchObject({ success: false, error: { code: "method_not_allowed" } });
});

it("no answer may be cached, and a header of one's own stays", () => {
  const response = json(200, { success: true }, { "x-own": "1" });
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("x-own")).toBe("1");
});
