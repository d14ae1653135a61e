import { expect, it } from "vitest";
import { type Attempt, SLOT_MISSED } from "../../lib/attempt.ts";
import { MAX_ATTEMPTS, withTerms } from "../../lib/outbox/settle.ts";

const CLAIM = { attempts: 1, intervalMs: 60_000, fingerprint: "f".repeat(16) };
const UNREACHABLE: Attempt = {
  outcome: "not_sent",
  retry: "later",
  code: "unreachable",
  detail: null,
  http_status: null,
};

it.each([
  [37_000, 37_000],
  [null, 60_000],
  [0, 1_000],
])(
  "a limit of %s ms holds the queue for %i: the interval if nothing was said, never no time at all",
  (said, hold_ms) => {
    const limited: Attempt = {
      outcome: "rate_limited",
      code: "rate_limited",
      hold_ms: said,
      detail: null,
      http_status: 429,
    };
    expect(withTerms(limited, CLAIM, 0.5)).toEqual({ ...limited, hold_ms });
  },
);

it("a pause names the deployment and key, so that others try at once", () => {
  const paused: Attempt = {
    outcome: "paused",
    pause_reason: "configuration",
    code: "key_refused",
    detail: "Invalid API key",
    http_status: 401,
  };
  expect(withTerms(paused, CLAIM, 0.5)).toEqual({ ...paused, fingerprint: CLAIM.fingerprint });
});

it("what never left waits twice as long each time, up to half an hour, half of it at random", () => {
  const wait = (attempts: number, random: number) => withTerms(UNREACHABLE, { ...CLAIM, attempts }, random).retry_ms;
  expect([1, 2, 3, 4].map((attempts) => wait(attempts, 1))).toEqual([5_000, 10_000, 20_000, 40_000]);
  expect([1, 2, 3, 4].map((attempts) => wait(attempts, 0))).toEqual([2_500, 5_000, 10_000, 20_000]);
  expect(wait(1_000_000, 1)).toBe(30 * 60_000);
  expect(withTerms(UNREACHABLE, CLAIM, 0.5)).toMatchObject({ retry_ms: 3_750, max_attempts: MAX_ATTEMPTS });
});

it("what missed its slot is tried at once, however often", () => {
  expect(withTerms(SLOT_MISSED, { ...CLAIM, attempts: 1_000 }, 1)).toEqual(SLOT_MISSED);
});
