import { inBackground } from "../background.ts";
import type { Config } from "../config.ts";

/** Looks after the answer for calls whose webhook never came, where it is time to. */
export function startReconciling(config: Config): void {
  inBackground("reconcile", async () => {
    const { reconcileIfDue } = await import("./reconcile-if-due.ts");
    await reconcileIfDue(config);
  });
}
