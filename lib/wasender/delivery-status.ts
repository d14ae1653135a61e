/** A state that Wasender reports for a message of ours. `played` counts as read. */
export type DeliveryStatus = "sent" | "delivered" | "read" | "failed";

const NUMBERS: readonly (DeliveryStatus | null)[] = ["failed", null, "sent", "delivered", "read", "read"];
const WORDS: ReadonlyMap<string, DeliveryStatus> = new Map([
  ["error", "failed"],
  ["failed", "failed"],
  ["sent", "sent"],
  ["server_ack", "sent"],
  ["delivered", "delivered"],
  ["delivery_ack", "delivered"],
  ["read", "read"],
  ["played", "read"],
]);

/** Wasender's number (0 error … 5 played) or word (its documentation); null if it says nothing new. */
export function toDeliveryStatus(value: unknown): DeliveryStatus | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const text = String(value).trim().toLowerCase();
  return (/^\d+$/.test(text) ? NUMBERS[Number(text)] : WORDS.get(text)) ?? null;
}
