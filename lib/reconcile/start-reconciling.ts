import { waitUntil } from "@vercel/functions";
import type { Config } from "../config.ts";
import { log } from "../log.ts";
import { startDrain } from "../outbox/start-drain.ts";
import { claimReconciliation } from "../supabase/claim-reconciliation.ts";
import { supabase } from "../supabase/client.ts";

const EVERY_MS = 10 * 60_000;

/** Looks after the answer for calls whose webhook never came, where it is time to, and returns at once. */
export function startReconciling(config: Config): void {
  const run = async () => {
    const { cloudtalkApi } = config;
    const mine = await claimReconciliation(supabase(config), cloudtalkApi ? EVERY_MS : null);
    if (!mine || !cloudtalkApi) return;
    const { reconcile } = await import("./reconcile.ts");
    const { error, ...counts } = await reconcile(config, cloudtalkApi, new Date());
    log(error === null ? "info" : "warn", "reconcile", { ...counts, error });
    if (counts.queued > 0) startDrain(config);
  };
  waitUntil(
    run().catch((error: unknown) =>
      log("error", "reconcile", { error: error instanceof Error ? error.message : String(error) }),
    ),
  );
}
