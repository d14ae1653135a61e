import { createHash, randomBytes } from "node:crypto";

/** A message on a customer's phone. */
export type PhoneMessage = {
  /** WhatsApp's id. */
  id: string;
  /** Wasender's id, for what was sent through its API. */
  msgId: number | null;
  from: "company" | "customer";
  type: "text" | "image" | "document";
  text: string;
  fileName: string | null;
  /** Unix time in milliseconds. */
  at: number;
  status: "in_progress" | "sent" | "delivered" | "read" | "failed";
};

/** A customer's phone with WhatsApp on it. */
export type Phone = {
  /** E.164 with `+`. */
  number: string;
  /** WhatsApp's private id of the person. `digits@lid`. */
  lid: string;
  /** The name that the person gave WhatsApp. */
  name: string | null;
  /** Whether the chat is open on the screen, so that what arrives is read. */
  open: boolean;
  messages: PhoneMessage[];
};

export function newPhone(number: string): Phone {
  return { number, lid: lidOf(number), name: null, open: false, messages: [] };
}

export function newMessageId(): string {
  return `3EB0${randomBytes(9).toString("hex").toUpperCase()}`;
}

// The same person keeps the same LID when the sandbox is started again.
function lidOf(number: string): string {
  const digest = createHash("sha256").update(number).digest();
  return `${98_700_000_000_000 + digest.readUIntBE(0, 4)}@lid`;
}
