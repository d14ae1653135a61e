import { setTimeout as sleep } from "node:timers/promises";

export type Clock = { stop: () => Promise<void> };

/**
 * What Supabase Cron is in production: asks every interval whether the outbox has something to do, and rings if so.
 * Never overlaps itself. A problem is reported once, until it is over.
 */
export function startClock(
  intervalMs: number,
  isDue: () => Promise<boolean>,
  ring: () => Promise<void>,
  report: (problem: string) => void,
): Clock {
  const stopping = new AbortController();
  let reported = "";
  const tick = async () => {
    try {
      if (await isDue()) await ring();
      reported = "";
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== reported && !stopping.signal.aborted) report(problem);
      reported = problem;
    }
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      await sleep(intervalMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (!stopping.signal.aborted) await tick();
    }
  };
  const running = run();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}
