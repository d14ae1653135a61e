import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdMs } from "../../lib/wasender/limits.ts";

const NOW = Date.UTC(2026, 10, 22, 10);
const hold = (headers: Record<string, string | string[]>, body: unknown = null) => holdMs(headers, body, NOW);

describe("retry_after in the body", () => {
  it.each([
    [60, 60_000],
    ["60", 60_000],
    [0, 0],
    [0.5, 500],
    ["1.2345", 1_235],
  ])("%j is seconds", (retry_after, expected) => {
    expect(hold({}, { retry_after })).toBe(expected);
  });

  it.each([null, "", "soon", true, [], {}, "-5"])("%j is none, and the header is asked", (retry_after) => {
    expect(hold({}, { retry_after })).toBeNull();
    expect(hold({ "retry-after": "30" }, { retry_after })).toBe(30_000);
  });

  it("comes before the header", () => {
    expect(hold({ "retry-after": "30" }, { retry_after: 60 })).toBe(60_000);
  });
});

describe("Retry-After", () => {
  it("is seconds or a date", () => {
    expect(hold({ "retry-after": "30" })).toBe(30_000);
    expect(hold({ "retry-after": ["30", "60"] })).toBe(30_000);
    expect(hold({ "retry-after": "Sun, 22 Nov 2026 10:00:45 GMT" })).toBe(45_000);
    expect(hold({ "retry-after": "Sun, 22 Nov 2026 09:00:00 GMT" })).toBe(0);
    expect(hold({ "retry-after": "later" })).toBeNull();
  });
});

describe.each(["x-ratelimit", "x-ratelimit-daily"])("%s", (prefix) => {
  const rate = (remaining: string, reset?: string) =>
    hold({ [`${prefix}-remaining`]: remaining, ...(reset === undefined ? {} : { [`${prefix}-reset`]: reset }) });

  it.each([
    ["seconds remaining", "45", 45_000],
    ["a Unix time", String(NOW / 1000 + 45), 45_000],
    ["a Unix time in milliseconds", String(NOW + 45_000), 45_000],
    ["a time that has passed", String(NOW / 1000 - 45), 0],
    ["more than a day: some mistake", "31536000", 25 * 3_600_000],
    ["a Unix time years ahead: some mistake", String(NOW / 1000 + 1e8), 25 * 3_600_000],
  ])("with nothing left, Reset as %s", (_, reset, expected) => {
    expect(rate("0", reset)).toBe(expected);
  });

  it("with nothing left and no Reset says nothing", () => {
    expect(rate("0")).toBeNull();
    expect(rate("0", "")).toBeNull();
    expect(rate("0", "soon")).toBeNull();
  });

  it.each(["1", "255", "", "unlimited"])("with %j left does not hold", (remaining) => {
    expect(rate(remaining, "45")).toBeNull();
  });
});

it("the longest of several holds counts", () => {
  const headers = {
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": "60",
    "x-ratelimit-daily-remaining": "0",
    "x-ratelimit-daily-reset": "7200",
  };
  expect(hold(headers, { retry_after: 30 })).toBe(7_200_000);
});

it("without any of them nothing is said", () => {
  expect(hold({}, { success: true })).toBeNull();
  expect(hold({}, "<html>")).toBeNull();
});

it("whatever they say, it is null or whole milliseconds from 0 to a day and a little", () => {
  const value = fc.oneof(fc.string(), fc.double().map(String), fc.integer().map(String), fc.array(fc.string()));
  const headers = fc.record(
    Object.fromEntries(
      [
        "retry-after",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-ratelimit-daily-remaining",
        "x-ratelimit-daily-reset",
      ].map((name) => [name, value]),
    ),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(headers, fc.oneof(fc.jsonValue(), fc.record({ retry_after: fc.jsonValue() })), (given, body) => {
      const held = holdMs(given, body, NOW);
      if (held !== null) expect(Number.isInteger(held) && held >= 0 && held <= 25 * 3_600_000).toBe(true);
    }),
  );
});
