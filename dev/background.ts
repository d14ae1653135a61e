import { setTimeout as sleep } from "node:timers/promises";

export type Background = {
  /** Waits until all background work is done, at most so many milliseconds. */
  settle: (withinMs: number) => Promise<void>;
};

/**
 * Gives `waitUntil` of @vercel/functions what Vercel's runtime gives it: somewhere to leave work for after the answer.
 */
export function provideBackground(): Background {
  const pending = new Set<Promise<unknown>>();
  const waitUntil = (promise: Promise<unknown>) => {
    const done = Promise.resolve(promise)
      .catch((error: unknown) => console.error("Background work failed:", error))
      .finally(() => pending.delete(done));
    pending.add(done);
  };
  Object.assign(globalThis, { [Symbol.for("@vercel/request-context")]: { get: () => ({ waitUntil }) } });
  return {
    settle: async (withinMs) => {
      await Promise.race([Promise.all(pending), sleep(withinMs, undefined, { ref: false })]);
    },
  };
}
