import { createHash } from "node:crypto";
import type { z } from "zod/v3";
import type { JobName } from "../background/jobs.ts";
import type { Invocation } from "../background/run.ts";
import type { MonitorState } from "../supabase/monitor/feed.ts";
import { dataSource } from "./data-source.ts";

type State = z.infer<typeof MonitorState>;

/**
 * The part that all of the monitor's answers share: the data's source, and the sender's state. Watching also keeps things
 * going: after the answer, what is due is sent and fetched, and Wasender's log is read.
 */
export async function monitorAnswer<Answer extends State>(invocation: Invocation, state: Answer) {
  const { config } = invocation;
  const { work: _, log, sender, ...rest } = state;
  await startWhatIsDue(invocation, state);
  // The database does not know whether there is a key for Wasender; without one nothing can be sent.
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

/** Most polls find nothing to start, and load nothing of what starts it. */
async function startWhatIsDue(invocation: Invocation, { work, log }: State): Promise<void> {
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
