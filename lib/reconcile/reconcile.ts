import { setTimeout as sleep } from "node:timers/promises";
import { type Call, parseCloudtalkWebhook } from "../cloudtalk/call.ts";
import { getCalls, type HistoryCall } from "../cloudtalk/rest.ts";
import type { CloudtalkApiConfig, Config } from "../config.ts";
import { functionEnd, RESERVE_MS } from "../function-time.ts";
import { storedDocument } from "../http/stored-request.ts";
import { recordCloudtalkWebhook } from "../supabase/calls/record-cloudtalk-webhook.ts";
import { supabase } from "../supabase/client.ts";
import { DatabaseError } from "../supabase/database-error.ts";
import { settleReconciliation } from "../supabase/reconcile/settle-reconciliation.ts";
import { unknownCalls } from "../supabase/reconcile/unknown-calls.ts";

/** "Ended calls of the last day", and an hour more, for one that began before it. */
const WINDOW_MS = 25 * 3_600_000;
/** The webhook comes after the agent's wrap-up: until then it is not missing. */
const GRACE_MS = 10 * 60_000;
/** From one page's request to the next: CloudTalk's 60 requests a minute are the whole company's. */
export const PAGE_EVERY_MS = 1_500;
export const MAX_PAGES = 20;

export type Reconciled = {
  /** Calls of the last day that are over. */
  calls: number;
  /** Of those, the ones whose webhook never came and that were recorded now. */
  recorded: number;
  /** Of those, the ones that get a message. */
  queued: number;
  /** Why it is not complete; null if it is. */
  error: string | null;
};

export type ReconcileTerms = {
  pageEveryMs?: number;
  /** When the platform ends the function, by performance.now(). What is left over is found the next time. */
  end?: number;
};

/**
 * Reads the last day of CloudTalk's call history and records the calls whose webhook never came, through the function
 * that records webhooks: one call gets one ask, whichever source brings it first.
 */
export async function reconcile(
  config: Config,
  api: CloudtalkApiConfig,
  now: Date,
  { pageEveryMs = PAGE_EVERY_MS, end = functionEnd() }: ReconcileTerms = {},
): Promise<Reconciled> {
  const { calls, error } = await readHistory(api, now, pageEveryMs, end - RESERVE_MS.historyPage);
  const over = calls.flatMap((call) => {
    const webhook = call.internal || call.endedAt === null ? null : parseCloudtalkWebhook(call.body);
    return webhook?.kind === "usable" ? [{ ...call, ended: webhook.value }] : [];
  });
  const result: Reconciled = { calls: over.length, recorded: 0, queued: 0, error };
  // Calls can only be matched if all of them are known.
  if (error === null && over.length > 0) {
    await recordMissed(config, over, now, end - RESERVE_MS.historyCall, result).catch((thrown: unknown) => {
      result.error = `The calls could not be compared (${nameOf(thrown)}).`;
    });
  }
  await settleReconciliation(supabase(config), result.error);
  return result;
}

async function recordMissed(
  config: Config,
  over: (HistoryCall & { ended: Call })[],
  now: Date,
  deadline: number,
  result: Reconciled,
): Promise<void> {
  const client = supabase(config);
  const byId = new Map(over.map((call) => [call.id, call]));
  const marks = [...byId.values()].map(({ id, ended }) => ({
    cdr_id: id,
    call_id: id,
    phone_number: ended.phone_number,
    call_start_time: ended.call_start_time,
    call_end_time: ended.call_end_time,
  }));
  const failed: string[] = [];
  for (const { cdr_id, known } of await unknownCalls(client, marks)) {
    const call = byId.get(cdr_id);
    if (!call || (!known && Date.parse(call.endedAt ?? "") > now.getTime() - GRACE_MS)) continue;
    if (performance.now() > deadline) {
      result.error = "There were more calls than could be recorded in time; the rest follow.";
      break;
    }
    const ended = { ...call.ended, call_id: cdr_id, cdr_id };
    try {
      const recorded = await recordCloudtalkWebhook(client, toRequest(call), ended, config, { heardAt: null });
      // A webhook had brought it: now it is known under the history's id as well.
      if (recorded.duplicate) continue;
      result.recorded++;
      if (recorded.message?.status === "queued") result.queued++;
    } catch (thrown) {
      // One call that fails must not hide the others.
      failed.push(`${/^\d{1,20}$/.test(cdr_id) ? cdr_id : "one"} (${nameOf(thrown)})`);
    }
  }
  if (failed.length > 0) {
    const named = failed.slice(0, 5).join(", ") + (failed.length > 5 ? ", …" : "");
    result.error = [`${failed.length} of CloudTalk's calls could not be recorded: ${named}.`, result.error]
      .filter(Boolean)
      .join(" ");
  }
}

async function readHistory(api: CloudtalkApiConfig, now: Date, pageEveryMs: number, deadline: number) {
  const from = new Date(now.getTime() - WINDOW_MS);
  const calls: HistoryCall[] = [];
  const fail = (error: string) => ({ calls, error });
  const late = (read: number, pages: number | string) =>
    fail(`CloudTalk's history could not be read in time: ${read} of ${pages} pages; the next run starts again.`);
  let pages: number | null = null;
  for (let page = 1; ; ) {
    const asked = performance.now();
    if (asked >= deadline) return late(page - 1, pages ?? "all");
    const read = await getCalls(api, from, now, page, deadline - asked);
    if (read.kind === "failed") {
      return performance.now() >= deadline ? late(page - 1, pages ?? "all") : fail(read.why);
    }
    if (read.kind === "limited") {
      const wait = Math.max(1_000, read.until - Date.now());
      if (performance.now() + wait >= deadline) {
        return fail("CloudTalk's 60 requests a minute are used up; it is asked again at the next ring.");
      }
      await sleep(wait);
      continue;
    }
    calls.push(...read.calls);
    pages = read.pages;
    if (page >= pages) return { calls, error: null };
    if (pages > MAX_PAGES) return fail(`CloudTalk's history of a day has more than ${MAX_PAGES} pages.`);
    const next = asked + pageEveryMs;
    if (next >= deadline) return late(page, pages);
    await sleep(Math.max(0, next - performance.now()));
    page++;
  }
}

/** The kind of error; its words may quote a customer's name. */
function nameOf(thrown: unknown): string {
  if (thrown instanceof DatabaseError) return `${thrown.name}, ${thrown.code ?? "no answer"}`;
  return thrown instanceof Error ? thrown.name : "unknown";
}

/** As if it had been a webhook, so that it is stored, and can be replayed, in the same way. */
const toRequest = ({ body }: HistoryCall) =>
  storedDocument({ source: "reconciled", method: "GET", path: "/calls/index.json" }, body, null);
