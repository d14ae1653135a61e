import { noteRefusal } from "../health/refused-webhooks.ts";
import { type Invocation, start } from "./run.ts";

/** Counts a webhook that came without its secret, and now and then has the number written. */
export function countRefusal(invocation: Invocation, source: "cloudtalk" | "wasender"): void {
  if (noteRefusal(source)) start(invocation, "refusals");
}
