import { createHash } from "node:crypto";
import type { JobName } from "../background/jobs.ts";
import type { Invocation } from "../background/run.ts";
import type { MonitorState } from "../supabase/monitor/feed.ts";
import { dataSource } from "./data-source.ts";

/** The database does not know whether there is a key for Wasender; without one nothing can be sent. */
const NOT_SET_UP = { reason: "configuration", code: "not_set_up", message: null, since: null } as const;

/**
 * The part that all of the monitor's answers share: the data's source, and the sender's state. Watching also keeps
 * things going: after the answer, what is due is sent and fetched, and Wasender's log is read.
 */
export async function monitorAnswer<State extends MonitorState>(invocation: Invocation, state: State) {
  const { config } = invocation;
  const { work: _, log, sender, ...rest } = state;
  await startWhatIsDue(invocation, state);
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

/** Most polls find nothing to start, and load nothing of what starts it. */
async function startWhatIsDue(invocation: Invocation, { work, log }: MonitorState): Promise<void> {
  const names: JobName[] = [
    ...(work.outbox ? (["drain"] as const) : []),
    ...(work.media ? (["media"] as const) : []),
    ...(work.history ? (["reconcile"] as const) : []),
    ...(log.due && invocation.config.wasenderLog ? (["log"] as const) : []),
  ];
  if (names.length === 0) return;
  const { start } = await import("../background/run.ts");
  for (const name of names) start(invocation, name);
}

/** An ETag of what the page shows: without the time and the cursor. */
export function etagOf({ server_time: _, cursor: __, ...shown }: { server_time: string; cursor: string }): string {
  return `W/"${createHash("sha256").update(JSON.stringify(shown)).digest("base64url").slice(0, 22)}"`;
}
