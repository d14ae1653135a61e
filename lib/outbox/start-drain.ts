import { tell } from "../alert/start-telling.ts";
import { oneAtATime } from "../background.ts";
import type { Config } from "../config.ts";

const send = oneAtATime("drain", async (config, wake) => {
  if (!config.wasender) return;
  const { drain } = await import("./drain.ts");
  try {
    await drain(config, config.wasender, undefined, wake);
  } finally {
    await tell(config);
  }
});

/** Starts sending what is due after the answer was given, where there is a key for Wasender. */
export function startDrain(config: Config): void {
  if (config.wasender) send(config);
}
