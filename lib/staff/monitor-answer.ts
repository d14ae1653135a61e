import { createHash } from "node:crypto";
import type { z } from "zod";
import type { Config } from "../config.ts";
import { startMedia } from "../media/start-media.ts";
import { dataSource, startReadingLog } from "../outbox/read-log.ts";
import { startDrain } from "../outbox/start-drain.ts";
import { startReconciling } from "../reconcile/start-reconciling.ts";
import type { MonitorState } from "../supabase/feed.ts";

/**
 * The part that all of the monitor's answers share: where the data comes from, and the sender's state. Watching also
 * keeps things going: what is due is sent and fetched, and Wasender's log is read, both after the answer.
 */
export function monitorAnswer<State extends z.infer<typeof MonitorState>>(config: Config, state: State) {
  const { due, log, sender, ...rest } = state;
  if (due) {
    startDrain(config);
    startMedia(config);
    startReconciling(config);
  }
  if (log.due) startReadingLog(config);
  // Without Wasender's key nothing can be sent, which the database does not know.
  const paused = config.wasender
    ? sender.paused
    : { reason: "configuration", message: "WHATSAPP_API_TOKEN", since: new Date(0).toISOString() };
  return {
    success: true,
    ...dataSource(config, log, Date.now()),
    ...rest,
    sender: { ...sender, interval_ms: config.minIntervalMs, paused },
    server_time: new Date().toISOString(),
  };
}

/** An ETag of what a page would show differently: neither the time nor the cursor. */
export function etagOf({
  server_time: _,
  cursor: __,
  ...shown
}: ReturnType<typeof monitorAnswer> & { cursor?: string }): string {
  return `W/"${createHash("sha256").update(JSON.stringify(shown)).digest("base64url").slice(0, 22)}"`;
}
