import { inBackground } from "../background.ts";
import type { Config } from "../config.ts";
import { log } from "../log.ts";

/** Looks after the answer whether there is a problem to tell of. */
export function startTelling(config: Config): void {
  if (config.alertWebhookUrl !== null) inBackground("alert", () => tell(config));
}

/** As {@link startTelling}, for what runs in the background already. Never throws. */
export async function tell(config: Config): Promise<void> {
  if (config.alertWebhookUrl === null) return;
  try {
    const { tellAlerts } = await import("./tell-alerts.ts");
    await tellAlerts(config);
  } catch (error) {
    log("error", "alert", { error: error instanceof Error ? error.message : String(error) });
  }
}
