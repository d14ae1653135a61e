import type { Config } from "../config.ts";
import { log } from "../log.ts";
import { startDrain } from "../outbox/start-drain.ts";
import { supabase } from "../supabase/client.ts";
import { claimReconciliation } from "../supabase/reconcile/claim-reconciliation.ts";
import { reconcile } from "./reconcile.ts";

const EVERY_MS = 10 * 60_000;

/** Asks CloudTalk for the calls whose webhook never came, where that was ten minutes ago and its key is known. */
export async function reconcileIfDue(config: Config): Promise<void> {
  const { cloudtalkApi } = config;
  const mine = await claimReconciliation(supabase(config), cloudtalkApi ? EVERY_MS : null);
  if (!mine || !cloudtalkApi) return;
  const { error, ...counts } = await reconcile(config, cloudtalkApi, new Date());
  log(error === null ? "info" : "warn", "reconcile", { ...counts, error });
  if (counts.queued > 0) startDrain(config);
}
