import { createRequire } from "node:module";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Config } from "./config.ts";
import { log } from "./log.ts";

const require = createRequire(import.meta.url);

/**
 * Leaves work for after the answer, and returns at once; what fails is logged. The work imports what it needs itself:
 * nothing of it is loaded where there is none to do, nor before the answer is on its way.
 */
export function inBackground(name: string, work: () => Promise<void>): void {
  const { waitUntil }: typeof import("@vercel/functions") = require("@vercel/functions");
  const run = async () => {
    await nextTurn();
    await work();
  };
  waitUntil(
    run().catch((error: unknown) =>
      log("error", name, { error: error instanceof Error ? error.message : String(error) }),
    ),
  );
}

/** Taken before looking for work: it is aborted when somebody has asked for more since. */
export type Wake = () => AbortSignal;

/**
 * Background work of which a process does one at a time for each project, so that a thousand webhooks do not start a
 * thousand of it. Asked for meanwhile, it is woken and done once more.
 */
export function oneAtATime(
  name: string,
  work: (config: Config, wake: Wake) => Promise<void>,
): (config: Config) => void {
  const running = new Map<string, { again: boolean; wake: AbortController }>();
  return (config) => {
    const project = config.supabase.url;
    const known = running.get(project);
    if (known) {
      known.again = true;
      known.wake.abort();
      return;
    }
    const self = { again: true, wake: new AbortController() };
    const wake = () => {
      self.wake = new AbortController();
      return self.wake.signal;
    };
    running.set(project, self);
    inBackground(name, async () => {
      try {
        while (self.again) {
          self.again = false;
          await work(config, wake);
        }
      } finally {
        running.delete(project);
      }
    });
  };
}
