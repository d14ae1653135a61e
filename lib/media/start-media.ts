import { waitUntil } from "@vercel/functions";
import type { Config } from "../config.ts";
import { log } from "../log.ts";

/** The projects whose files this process is fetching, and whether to look once more. */
const running = new Map<string, { again: boolean }>();

/**
 * Starts fetching the files that are due, and deleting those whose time is over, and returns at once. One at a time in
 * a process.
 */
export function startMedia(config: Config): void {
  const known = running.get(config.supabase.url);
  if (known) {
    known.again = true;
    return;
  }
  const self = { again: true };
  running.set(config.supabase.url, self);
  const run = async () => {
    try {
      // Only here: what recognises and shrinks files is large, and most webhooks bring none.
      const [{ storeDueMedia }, { sweepMedia }] = await Promise.all([
        import("./store-due-media.ts"),
        import("./sweep-media.ts"),
      ]);
      while (self.again) {
        self.again = false;
        await storeDueMedia(config);
      }
      await sweepMedia(config);
    } catch (error) {
      log("error", "media", { error: error instanceof Error ? error.message : String(error) });
    } finally {
      running.delete(config.supabase.url);
    }
  };
  waitUntil(run());
}
