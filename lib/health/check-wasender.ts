import type { WasenderConfig } from "../config.ts";
import { getStatus } from "../wasender/client.ts";
import { toSessionStatus } from "../wasender/session-status.ts";
import { type Finding, fail, ok } from "./finding.ts";

/** Asks Wasender for the session's state, which tries the key, the address and the session at once. */
export async function checkWasender(wasender: WasenderConfig): Promise<Finding> {
  const reply = await getStatus(wasender);
  if (reply.kind === "no_reply") {
    return fail(
      "Wasender",
      `${wasender.baseUrl} does not answer (${reply.cause}).`,
      "Check WHATSAPP_API_URL; it looks like https://www.wasenderapi.com/api.",
    );
  }
  if (reply.status === 401 || reply.status === 403) {
    return fail(
      "Wasender",
      `Wasender refuses the key (${reply.status}).`,
      "WHATSAPP_API_TOKEN is the session's API key (Wasender, Sessions, your session, API Key), not a personal token; and the subscription must be active.",
    );
  }
  const status = toSessionStatus(reply);
  if (status === null) {
    return fail(
      "Wasender",
      `${wasender.baseUrl}/status answered ${reply.status}, and not with a session's state.`,
      "Check WHATSAPP_API_URL; it looks like https://www.wasenderapi.com/api.",
    );
  }
  return status === "connected"
    ? ok("Wasender", "The key works and the session is connected.")
    : fail(
        "Wasender",
        `The key works, but the session is not connected (${status}).`,
        "Wasender, Sessions, your session: connect, and scan the QR code with the phone.",
      );
}
