import { inBackground } from "../background.ts";
import type { Config } from "../config.ts";

/** Reads Wasender's log after the answer was given, where its variables are set. */
export function startReadingLog(config: Config): void {
  const { wasender } = config;
  if (!wasender || !config.wasenderLog) return;
  inBackground("read-log", async () => {
    const { readLog } = await import("../chores/read-log.ts");
    await readLog(config, wasender);
  });
}
