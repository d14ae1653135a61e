import { createRequire } from "node:module";
import type { Config } from "../config.ts";
import { log } from "../log.ts";
import { Alarm } from "./alarm.ts";
import { JOBS, type Job, type JobName } from "./jobs.ts";

const require = createRequire(import.meta.url);

/** What a job runs in: a request's configuration, and when the platform ends its function, by performance.now(). */
export type Invocation = { config: Config; end: number };

/**
 * Runs a job after the answer, and returns at once. At most one run per process and project: a start during a run wakes
 * it and makes it run once more. All runs of an invocation end with it; what is due later is left to the next webhook
 * or ring.
 *
 * @param inMs in how many milliseconds there is something to do: a run waits until then, and one that waits is woken at
 *   that time.
 */
export const start = runner<JobName>(JOBS, { afterFailure: "alert" });

/** The runner of a table of jobs. What a failed job may have left behind is looked at by `afterFailure`. */
export function runner<Name extends string>(
  jobs: Readonly<Record<Name, Job<Name>>>,
  { afterFailure }: { afterFailure: NoInfer<Name> },
): (invocation: Invocation, name: Name, inMs?: number) => void {
  /** By job and project. */
  const running = new Map<string, Alarm>();

  return function start(invocation, name, inMs = 0) {
    const { config, end } = invocation;
    const job = jobs[name];
    if (!job.enabled(config)) return;
    const dueAt = performance.now() + inMs;
    const key = `${name} ${config.supabase.url}`;
    const known = running.get(key);
    if (known) {
      known.set(dueAt);
      return;
    }
    const until = end - job.reserveMs;
    if (dueAt > until) return;
    const alarm = new Alarm(dueAt);
    running.set(key, alarm);
    afterAnswer(async () => {
      const next = new Set<Name>();
      while (alarm.dueAt <= until) {
        await alarm.wait(until);
        alarm.look();
        for (const following of await runOnce(name, () => job.run({ config, end, alarm }))) next.add(following);
      }
      running.delete(key);
      for (const following of next) start(invocation, following);
    });
  };

  /** Never throws. */
  async function runOnce(name: Name, run: () => Promise<readonly Name[]>): Promise<readonly Name[]> {
    try {
      return await run();
    } catch (error) {
      log("error", name, { error: error instanceof Error ? error.message : String(error) });
      return name === afterFailure ? [] : [afterFailure];
    }
  }
}

function afterAnswer(work: () => Promise<void>): void {
  // Loaded only if there is background work: it takes longer than all the rest of this file.
  const { waitUntil }: typeof import("@vercel/functions") = require("@vercel/functions");
  waitUntil(new Promise<void>((nextTurn) => setImmediate(nextTurn)).then(work));
}
