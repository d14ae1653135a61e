import type { Config } from "../config.ts";
import { log } from "../log.ts";
import { supabase } from "../supabase/client.ts";
import { claimReconciliation } from "../supabase/reconcile/claim-reconciliation.ts";
import { reconcile } from "./reconcile.ts";

const EVERY_MS = 10 * 60_000;

/**
 * Asks CloudTalk for the calls whose webhook never came, if its key is known and the last time is ten minutes ago.
 *
 * @param end when the platform ends the function, by performance.now().
 */
export async function reconcileIfDue(config: Config, end: number): Promise<{ queued: number }> {
  const { cloudtalkApi } = config;
  const mine = await claimReconciliation(supabase(config), cloudtalkApi ? EVERY_MS : null);
  if (!mine || !cloudtalkApi) return { queued: 0 };
  const { error, ...counts } = await reconcile(config, cloudtalkApi, new Date(), { end });
  log(error === null ? "info" : "warn", "reconcile", { ...counts, error });
  return counts;
}
