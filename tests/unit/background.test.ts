import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Alarm } from "../../lib/background/alarm.ts";
import { JOBS, type Job } from "../../lib/background/jobs.ts";
import { type Invocation, runner } from "../../lib/background/run.ts";
import { readConfig } from "../../lib/config.ts";
import { FUNCTION_SECONDS, RESERVE_MS } from "../../lib/function-time.ts";

const SUPABASE = { SUPABASE_URL: "https://abcd.supabase.co", SUPABASE_KEY: "key" };
const config = readConfig(SUPABASE);
const invocation = (ms: number, more: Partial<Invocation> = {}): Invocation => ({
  config,
  end: performance.now() + ms,
  ...more,
});

/** What waitUntil was given and has not ended. */
const pending = new Set<Promise<unknown>>();
async function settled() {
  while (pending.size > 0) await Promise.allSettled(pending);
}
beforeEach(() => {
  const waitUntil = (promise: Promise<unknown>) => {
    pending.add(promise);
    promise.finally(() => pending.delete(promise)).catch(() => undefined);
  };
  Object.assign(globalThis, { [Symbol.for("@vercel/request-context")]: { get: () => ({ waitUntil }) } });
});
afterEach(async () => {
  await settled();
  vi.restoreAllMocks();
});

type Name = "work" | "other" | "tell";
/** A runner whose jobs note when they run. */
function world(more: Partial<Record<Name, Partial<Job<Name>>>> = {}) {
  const runs: Name[] = [];
  const job = (name: Name): Job<Name> => ({
    enabled: () => true,
    reserveMs: 0,
    ...more[name],
    run: async (run) => {
      runs.push(name);
      return (await more[name]?.run?.(run)) ?? [];
    },
  });
  return {
    runs,
    start: runner({ work: job("work"), other: job("other"), tell: job("tell") }, { afterFailure: "tell" }),
  };
}

describe("a job", () => {
  it("runs after the answer", async () => {
    const { runs, start } = world();
    start(invocation(1_000), "work");
    expect(runs).toEqual([]);
    await settled();
    expect(runs).toEqual(["work"]);
  });

  it("does not run if the configuration lacks what it needs", async () => {
    const { runs, start } = world({ work: { enabled: () => false } });
    start(invocation(1_000), "work");
    await settled();
    expect(runs).toEqual([]);
  });

  it("runs once more if it was started during a run, however often", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { runs, start } = world({ work: { run: () => promise.then(() => []) } });
    start(invocation(1_000), "work");
    await vi.waitFor(() => expect(runs).toHaveLength(1));
    for (let n = 0; n < 1_000; n++) start(invocation(1_000), "work");
    resolve();
    await settled();
    expect(runs).toEqual(["work", "work"]);
  });

  it("runs for each project", async () => {
    const { runs, start } = world();
    start(invocation(1_000), "work");
    start(invocation(1_000, { config: readConfig({ ...SUPABASE, SUPABASE_URL: "https://efgh.supabase.co" }) }), "work");
    await settled();
    expect(runs).toEqual(["work", "work"]);
  });

  it("is followed by what it returns, once", async () => {
    const { runs, start } = world({
      work: { run: async () => ["other", "other"] },
      other: { run: async () => ["tell"] },
    });
    start(invocation(1_000), "work");
    await settled();
    expect(runs).toEqual(["work", "other", "tell"]);
  });

  it("that fails is logged and told, and a failure to tell is not told again", async () => {
    const lines = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const fail = async () => {
      throw new Error("no database");
    };
    const { runs, start } = world({ work: { run: fail }, tell: { run: fail } });
    start(invocation(1_000), "work");
    await settled();
    expect(runs).toEqual(["work", "tell"]);
    expect(lines.mock.calls.flat().map((line) => JSON.parse(line))).toMatchObject([
      { event: "work", error: "no database" },
      { event: "tell", error: "no database" },
    ]);
  });
});

describe("an invocation's time", () => {
  it("is not used for what could not end in it", async () => {
    const { runs, start } = world({ work: { reserveMs: 1_000 } });
    start(invocation(900), "work");
    start(invocation(2_000), "work", 1_500);
    await settled();
    expect(runs).toEqual([]);
  });

  it("is one for all rounds: what is asked for after its end is left to others", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { runs, start } = world({ work: { run: () => promise.then(() => []) } });
    start(invocation(100), "work");
    await vi.waitFor(() => expect(runs).toHaveLength(1));
    await sleep(120);
    start(invocation(60_000), "work");
    resolve();
    await settled();
    expect(runs).toEqual(["work"]);
  });

  it("is Vercel's maxDuration, and every job ends within it", async () => {
    const { functions } = JSON.parse(await readFile(new URL("../../vercel.json", import.meta.url), "utf8"));
    for (const { maxDuration } of Object.values<{ maxDuration: number }>(functions))
      expect(maxDuration).toBe(FUNCTION_SECONDS);
    for (const reserveMs of [...Object.values(RESERVE_MS), ...Object.values(JOBS).map((job) => job.reserveMs)]) {
      expect(reserveMs).toBeGreaterThan(0);
      expect(reserveMs).toBeLessThan(FUNCTION_SECONDS * 1_000);
    }
  });
});

describe("a job that is due later", () => {
  it("waits until then", async () => {
    let at = 0;
    const { start } = world({
      work: {
        run: async () => {
          at = performance.now();
          return [];
        },
      },
    });
    const started = performance.now();
    start(invocation(5_000), "work", 200);
    await settled();
    expect(at - started).toBeGreaterThanOrEqual(200);
  });

  it("and is needed sooner runs sooner, once", async () => {
    const { runs, start } = world();
    const started = performance.now();
    start(invocation(60_000), "work", 30_000);
    start(invocation(60_000), "work", 10);
    await settled();
    expect(runs).toEqual(["work"]);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it("looks once for all that is due by then", async () => {
    let looks = 0;
    const { runs, start } = world({
      work: {
        run: async ({ alarm }) => {
          // As a drain does: it looks, learns when the slot comes, waits for it, and looks again.
          alarm.look();
          looks++;
          await alarm.wait(performance.now() + 300);
          alarm.look();
          looks++;
          return [];
        },
      },
    });
    start(invocation(5_000), "work");
    await vi.waitFor(() => expect(looks).toBe(1));
    // Nothing of this can go before the slot.
    for (let n = 0; n < 100; n++) start(invocation(5_000), "work", 10_000);
    await settled();
    expect(runs).toEqual(["work"]);
    expect(looks).toBe(2);
  });
});

describe("an alarm", () => {
  it("ends a wait when something earlier is set, also if that was before the wait", async () => {
    const alarm = new Alarm(0);
    alarm.look();
    const started = performance.now();
    const waiting = alarm.wait(started + 30_000);
    alarm.set(started + 50);
    await waiting;
    alarm.look();
    alarm.set(performance.now());
    await alarm.wait(started + 30_000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it("does not end a wait for what is due later", async () => {
    const alarm = new Alarm(0);
    alarm.look();
    const until = performance.now() + 150;
    const waiting = alarm.wait(until);
    alarm.set(until + 1_000);
    await waiting;
    expect(performance.now()).toBeGreaterThanOrEqual(until);
    expect(alarm.dueAt).toBe(until + 1_000);
  });
});
