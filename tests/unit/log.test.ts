import { afterEach, describe, expect, it, vi } from "vitest";
import { log, maskPhone } from "../../lib/log.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

function logged(words: string): string {
  const line = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  log("warn", "test", { error: words });
  return JSON.parse(line.mock.calls[0]?.[0]).error;
}

describe("a number is masked", () => {
  it.each([
    "+393330000001",
    "393330000001",
    "3330000001",
    "+39 333 000 0001",
    "393-330-000001",
    "39.333.000.0001",
    "+39 (333) 000-0001",
    "0039 333/0000001",
    "+39\u00a0333\u00a0000\u00a00001",
    "+39 333 – 000 – 0001",
    "333 00 00 001",
    "2026-11-23-0001",
    "1234567890123456789012345678901234567890",
  ])("%s", (number) => {
    const shown = logged(`JID of ${number} is unknown`);
    expect(shown).toMatch(/^JID of \+?\d{2,3}…\d\d is unknown$/);
  });

  it("in the midst of others, each by itself", () => {
    expect(logged("a393330000001b,+39 333 000 0002; 12:393330000003@s.whatsapp.net")).toBe(
      "a393…01b,+39…02; 12:393…03@s.whatsapp.net",
    );
  });

  it("of many digits in linear time", () => {
    const started = performance.now();
    for (const words of [
      "1".repeat(100_000),
      "1 ".repeat(100_000),
      "1    ".repeat(100_000),
      "1-".repeat(6).repeat(9_999),
    ])
      logged(words);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("what helps to find something stays readable", () => {
  it.each([
    "at 2026-11-23T06:11:06.123Z",
    "at 2026-11-23T06:11:06+01:00 and 2026-11-24 06:11:06.123456+00",
    "from 2026-11-23 to 2026-11-24",
    "call 44fe27cd-0000-4670-993e-012930988331",
    "record_webhook: timeout of 8000 ms (57014)",
    "connect ECONNREFUSED 127.0.0.1:54321",
    "message 1234567",
  ])("%s", (words) => {
    expect(logged(words)).toBe(words);
  });
});

it("a line is one JSON object at its level, and other values stay what they are", () => {
  const line = vi.spyOn(console, "info").mockImplementation(() => undefined);
  log("info", "test", { call: 12_345_678_901, ok: true, none: null, missing: undefined });
  expect(line.mock.calls).toEqual([['{"level":"info","event":"test","call":12345678901,"ok":true,"none":null}']]);
});

it("a number is shown by its country and last two digits", () => {
  expect(maskPhone("+393330000001")).toBe("+39…01");
});
