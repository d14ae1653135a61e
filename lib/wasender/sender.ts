import type { Sender } from "../attempt.ts";
import type { WasenderConfig } from "../config.ts";
import { classify } from "./classify.ts";
import { getOnWhatsapp, getStatus, sendMessage } from "./client.ts";
import { toExists } from "./on-whatsapp.ts";
import { toSessionStatus } from "./session-status.ts";

/** Wasender as the outbox's sender. */
export function wasenderSender(config: WasenderConfig): Sender {
  return {
    fingerprint: config.fingerprint,
    send: async (to, text, timing) => {
      const reply = await sendMessage(config, to, text, timing);
      return {
        attempt: classify(reply, Date.now()),
        startedAt: reply.startedAt,
        cause: reply.kind === "no_reply" ? reply.cause : null,
      };
    },
    exists: async (to, timeoutMs) => toExists(await getOnWhatsapp(config, to, timeoutMs)),
    probe: async () => toSessionStatus(await getStatus(config)),
  };
}
