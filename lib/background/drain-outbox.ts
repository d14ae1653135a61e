import { doChores } from "../chores/do-chores.ts";
import type { Config, WasenderConfig } from "../config.ts";
import { functionEnd, RESERVE_MS } from "../function-time.ts";
import { type Drained, drain, type Wake } from "../outbox/drain.ts";
import { wasenderSender } from "../wasender/sender.ts";

/**
 * Sends what is due through Wasender; while nothing can be sent, learns what is still unknown of messages.
 *
 * @param end when the platform ends the function, by performance.now().
 */
export async function drainOutbox(
  config: Config,
  wasender: WasenderConfig,
  end: number = functionEnd(),
  wake?: Wake,
): Promise<Drained> {
  // Before the first claim: its slot would not wait for the import.
  await import("undici");
  return drain(config, wasenderSender(wasender), {
    until: end - RESERVE_MS.send,
    meanwhile: () => doChores(config, wasender, end - RESERVE_MS.question),
    ...(wake ? { wake } : {}),
  });
}
