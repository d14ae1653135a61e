import { createHash } from "node:crypto";
import type { Config } from "../config.ts";
import type { MonitorState } from "../supabase/monitor/feed.ts";
import { dataSource } from "./data-source.ts";

/** Without Wasender's key nothing can be sent, which the database does not know. */
const NOT_SET_UP = { reason: "configuration", code: "not_set_up", message: null, since: null } as const;

/**
 * The part that all of the monitor's answers share: where the data comes from, and the sender's state. Watching also
 * keeps things going: what is due is sent and fetched, and Wasender's log is read, both after the answer.
 */
export async function monitorAnswer<Answer extends MonitorState>(config: Config, state: Answer) {
  const { work: _, log, sender, ...rest } = state;
  await startWhatIsDue(config, state);
  return {
    success: true,
    ...dataSource(config, log, Date.now()),
    ...rest,
    sender: { ...sender, interval_ms: config.minIntervalMs, paused: config.wasender ? sender.paused : NOT_SET_UP },
    server_time: new Date().toISOString(),
  };
}

/** What the page is given for a state of the database. */
export type MonitorAnswer<State extends MonitorState> = Awaited<ReturnType<typeof monitorAnswer<State>>>;

/** Of what is due, that for which there is a key. Most polls find nothing, and load nothing of what it needs. */
async function startWhatIsDue(config: Config, { work, log }: MonitorState): Promise<void> {
  if (work.outbox && config.wasender) (await import("../outbox/start-drain.ts")).startDrain(config);
  if (work.media) (await import("../media/start-media.ts")).startMedia(config);
  if (work.history && config.cloudtalkApi) {
    (await import("../reconcile/start-reconciling.ts")).startReconciling(config);
  }
  if (log.due && config.wasenderLog) (await import("../outbox/start-reading-log.ts")).startReadingLog(config);
}

/** An ETag of what a page would show differently: neither the time nor the cursor. */
export function etagOf({ server_time: _, cursor: __, ...shown }: { server_time: string; cursor: string }): string {
  return `W/"${createHash("sha256").update(JSON.stringify(shown)).digest("base64url").slice(0, 22)}"`;
}
