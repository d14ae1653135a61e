/** What goes wrong with messages that Wasender has taken, and with numbers. It shows in webhooks, or in none. */
export type Troubles = {
  /** So many of the next messages are refused by WhatsApp: error 463, the account is restricted. */
  restricted: number;
  /** So many of the next messages never arrive on the phone. */
  undelivered: number;
  /** Numbers (E.164) without WhatsApp. */
  absent: readonly string[];
};

export const NO_TROUBLES: Troubles = { restricted: 0, undelivered: 0, absent: [] };

/** What becomes of the next message, and what is in store for those after it. */
export function nextFate(troubles: Troubles): { fate: "delivered" | "undelivered" | "restricted"; left: Troubles } {
  const { restricted, undelivered } = troubles;
  if (restricted > 0) return { fate: "restricted", left: { ...troubles, restricted: restricted - 1 } };
  if (undelivered > 0) return { fate: "undelivered", left: { ...troubles, undelivered: undelivered - 1 } };
  return { fate: "delivered", left: troubles };
}
