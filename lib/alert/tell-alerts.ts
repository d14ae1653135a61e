import type { Config } from "../config.ts";
import { exchange } from "../exchange.ts";
import { log } from "../log.ts";
import { claimAlerts } from "../supabase/alert/claim-alerts.ts";
import { settleAlert } from "../supabase/alert/settle-alert.ts";
import { supabase } from "../supabase/client.ts";
import { alertText } from "./alert-text.ts";

const TIMEOUT_MS = 5_000;
/** Longer than sending all of them takes. If it failed, the next run sends them. */
const LEASE_MS = 30_000;

/**
 * Sends each problem, and its end, once to ALERT_WEBHOOK_URL (Slack's form: `{ text }`). What could not be sent is sent
 * by the next run.
 */
export async function tellAlerts(config: Config): Promise<void> {
  if (config.alertWebhookUrl === null) return;
  const client = supabase(config);
  for (const alert of await claimAlerts(client, LEASE_MS, config.databaseLimitBytes)) {
    const reply = await exchange({
      method: "POST",
      url: config.alertWebhookUrl,
      payload: { text: alertText(alert) },
      timeoutMs: TIMEOUT_MS,
    });
    const told = reply.kind === "reply" && reply.status >= 200 && reply.status < 300;
    if (told) await settleAlert(client, alert);
    log(told ? "info" : "error", "alert", {
      kind: alert.kind,
      over: alert.over,
      told,
      error: told ? null : reply.kind === "reply" ? `HTTP ${reply.status}` : reply.cause,
    });
  }
}
