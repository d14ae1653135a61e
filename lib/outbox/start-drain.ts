import { waitUntil } from "@vercel/functions";
import { tell } from "../alert/start-telling.ts";
import type { Config } from "../config.ts";
import { log } from "../log.ts";
import { drain } from "./drain.ts";

/** The drain that runs in this process for a project, and how to wake it while it waits. */
const running = new Map<string, { wake: AbortController; again: boolean }>();

/**
 * Starts sending what is due after the answer was given, and returns at once. One drain a process is enough: where one
 * runs already it is woken, so that a thousand webhooks do not make a thousand drains.
 */
export function startDrain(config: Config): void {
  const { wasender } = config;
  if (!wasender) return;
  const known = running.get(config.supabase.url);
  if (known) {
    known.again = true;
    known.wake.abort();
    return;
  }
  const self = { wake: new AbortController(), again: true };
  running.set(config.supabase.url, self);
  const run = async () => {
    try {
      while (self.again) {
        self.again = false;
        await drain(config, wasender, undefined, () => {
          self.wake = new AbortController();
          return { signal: self.wake.signal };
        });
      }
    } catch (error) {
      log("error", "drain", { error: error instanceof Error ? error.message : String(error) });
    } finally {
      running.delete(config.supabase.url);
    }
    await tell(config);
  };
  waitUntil(run());
}
