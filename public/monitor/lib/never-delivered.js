/** @import { Conversation, Message } from "../data/types.js" */
import { now } from "./time.js";

const HOUR_MS = 3_600_000;

/**
 * Whether WhatsApp took a message but never brought it to the telephone: within the times of the light in the bar.
 * @param {Pick<Message, "direction" | "status"> | NonNullable<Conversation["last"]>} message @param {string} at
 */
export function isNeverDelivered({ direction, status }, at) {
  const ago = now() - Date.parse(at);
  return direction === "outgoing" && status === "sent" && ago > 48 * HOUR_MS && ago < 30 * 24 * HOUR_MS;
}
