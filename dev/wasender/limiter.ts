import { type Answer, tooMany } from "./answer.ts";

const DAY_MS = 86_400_000;

/** A request that may pass carries these headers; one that may not gets the refusal. */
export type Verdict = { refusal: Answer | null; headers: Record<string, string> };

/**
 * Wasender's limit of a trial session: one message an interval, and so many a day (UTC). A refused request does not
 * count. If the interval is 0, only the day's limit holds.
 *
 * Seconds are whole, as Wasender's are; only an interval under one second, which it does not have, is given as a
 * fraction, so that tests can be quick.
 */
export function createLimiter(minIntervalMs: number, dailyLimit: number, now: () => number): () => Verdict {
  let nextAt = 0;
  let day = 0;
  let used = 0;
  const seconds = (ms: number) => (minIntervalMs < 1000 ? Math.ceil(ms) / 1000 : Math.ceil(ms / 1000));

  return () => {
    const at = now();
    const today = Math.floor(at / DAY_MS);
    if (today !== day) {
      day = today;
      used = 0;
    }
    const untilTomorrow = Math.ceil(((today + 1) * DAY_MS - at) / 1000);
    const headers = () => ({
      ...(minIntervalMs > 0
        ? {
            "X-RateLimit-Limit": "1",
            "X-RateLimit-Remaining": nextAt > at ? "0" : "1",
            "X-RateLimit-Reset": String(seconds(Math.max(0, nextAt - at))),
          }
        : {}),
      "X-RateLimit-Daily-Limit": String(dailyLimit),
      "X-RateLimit-Daily-Remaining": String(dailyLimit - used),
      "X-RateLimit-Daily-Reset": String(untilTomorrow),
    });
    if (used >= dailyLimit) {
      const words = `You are on a free trial. You can only send ${dailyLimit} messages a day.`;
      return { refusal: tooMany(words, untilTomorrow, headers()), headers: headers() };
    }
    if (nextAt > at) {
      const words = "You are on a free trial. You can only send 1 message every 1 minute.";
      return { refusal: tooMany(words, seconds(nextAt - at), headers()), headers: headers() };
    }
    nextAt = at + minIntervalMs;
    used += 1;
    return { refusal: null, headers: headers() };
  };
}
