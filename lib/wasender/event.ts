import { createHash } from "node:crypto";
import { z } from "zod";
import type { ParsedWebhook } from "../parsed-webhook.ts";
import { type Media, type MessageType, parseContent } from "./content.ts";
import { type DeliveryStatus, toDeliveryStatus } from "./delivery-status.ts";
import { type Party, toParty } from "./jid.ts";
import { toMessageTime } from "./time.ts";

/** What a webhook of Wasender says, in the shape that record_wasender_webhook takes. Times are ISO 8601 in UTC. */
export type WasenderEvent =
  | ({ kind: "incoming"; whatsapp_id: string } & MessageFields)
  /** A message from our side: an echo of ours, or one typed on the phone. */
  | ({
      kind: "outgoing";
      whatsapp_id: string | null;
      wasender_id: string | null;
      status: DeliveryStatus;
    } & MessageFields)
  | {
      kind: "status";
      whatsapp_id: string | null;
      wasender_id: string | null;
      status: DeliveryStatus;
      error: string | null;
    }
  /** A send that failed at Wasender, known by its number alone. */
  | { kind: "send_failed"; phone_number: string; error: string }
  | { kind: "session"; status: string };

type MessageFields = {
  /** At least one of the two is known. */
  phone_number: string | null;
  lid: string | null;
  contact_name: string | null;
  type: MessageType;
  text: string | null;
  media: Media | null;
  quoted_whatsapp_id: string | null;
  message_at: string | null;
};

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);
const text = optional(z.string());
const id = optional(z.union([z.string().min(1), z.number()]).transform(String));

const Key = z.looseObject({
  id,
  fromMe: optional(z.union([z.boolean(), z.stringbool(), z.number().transform(Boolean)])),
  remoteJid: text,
  remoteJidAlt: text,
  senderPn: text,
  cleanedSenderPn: optional(z.union([z.string(), z.number()]).transform(String)),
  senderLid: text,
});
const Message = z.looseObject({
  key: Key,
  pushName: text,
  messageTimestamp: z.unknown().optional(),
  messageBody: z.unknown().optional(),
  message: z.unknown().optional(),
  msgId: id,
});
const Envelope = z.looseObject({ event: z.string().min(1), timestamp: z.unknown().optional(), data: z.unknown().optional() });
const Update = z.looseObject({
  key: optional(Key),
  msgId: id,
  status: optional(z.union([z.string(), z.number()])),
  update: optional(z.looseObject({ status: optional(z.union([z.string(), z.number()])) })),
});
const Sent = z.looseObject({
  key: optional(Key),
  msgId: id,
  success: optional(z.boolean()),
  error: text,
  message: z.unknown().optional(),
});

/** Reads a webhook's parsed body (facts-wasender). */
export function parseWasenderWebhook(body: unknown): ParsedWebhook<WasenderEvent[]> {
  const envelope = Envelope.safeParse(body);
  if (!envelope.success) {
    return { kind: "unrecognised", eventType: null, why: 'Looked for "event" (a text) and "data".' };
  }
  const { event: eventType, data } = envelope.data;
  const events = eventsOf(eventType, data, envelope.data.timestamp);
  if (events === null) {
    return { kind: "unrecognised", eventType, why: `Looked for the fields of ${eventType} under "data".` };
  }
  if (events.length === 0) return { kind: "ignored", eventType, why: "nothing in it that we use" };
  return { kind: "usable", eventType, value: events };
}

/** Null where the event is one that we use and yet nothing in it can be understood. */
function eventsOf(eventType: string, data: unknown, timestamp: unknown): WasenderEvent[] | null {
  switch (eventType) {
    case "messages.received":
    case "messages-personal.received":
    case "messages.upsert": {
      const messages = itemsOf(data, "messages").map((item) => Message.safeParse(item));
      if (!messages.some((message) => message.success)) return null;
      return messages.flatMap((message) => (message.success ? messageEvents(message.data, timestamp) : []));
    }
    case "message.sent":
      return sentEvents(data, timestamp);
    case "messages.update": {
      const updates = itemsOf(data, "messages").map((item) => Update.safeParse(item));
      if (!updates.some((update) => update.success)) return null;
      return updates.flatMap((update) => (update.success ? statusEvents(update.data) : []));
    }
    case "session.status": {
      const session = z.looseObject({ status: z.string().min(1).max(40) }).safeParse(data);
      return session.success ? [{ kind: "session", status: session.data.status.toLowerCase() }] : null;
    }
    default:
      return [];
  }
}

/** `data.messages` is an object, an array, or `data` is the item (or a list of items) itself. */
function itemsOf(data: unknown, name: string): unknown[] {
  const inner =
    typeof data === "object" && data !== null && name in data ? (data as Record<string, unknown>)[name] : data;
  return Array.isArray(inner) ? inner : [inner];
}

function messageEvents(message: z.infer<typeof Message>, timestamp: unknown): WasenderEvent[] {
  const { key } = message;
  const fromMe = key.fromMe === true;
  const party = fromMe ? chatOf(key) : senderOf(key);
  if (party === null) return [];
  const content = parseContent(message.message, message.messageBody);
  if (content.kind !== "message") return [];
  const { type, text: words, media, quotedId } = content;
  const fields: MessageFields = {
    ...party,
    // An echo's pushName is our own.
    contact_name: fromMe ? null : message.pushName || null,
    type,
    text: words,
    media,
    quoted_whatsapp_id: quotedId,
    message_at: toMessageTime(message.messageTimestamp) ?? toMessageTime(timestamp),
  };
  if (fromMe) {
    return [
      { kind: "outgoing", whatsapp_id: key.id ?? null, wasender_id: message.msgId ?? null, status: "sent", ...fields },
    ];
  }
  return [{ kind: "incoming", whatsapp_id: key.id ?? digestOf(fields), ...fields }];
}

function sentEvents(data: unknown, timestamp: unknown): WasenderEvent[] | null {
  const parsed = Sent.safeParse(data);
  if (!parsed.success) return null;
  const { key, msgId, success, error, message } = parsed.data;
  if (success === false || error) {
    const status = {
      whatsapp_id: key?.id ?? null,
      wasender_id: msgId ?? null,
      status: "failed" as const,
      error: error ?? null,
    };
    if (status.whatsapp_id !== null || status.wasender_id !== null) return [{ kind: "status", ...status }];
    const named = /\+?\d[\d\s.-]{5,}\d/.exec(error ?? "")?.[0] ?? key?.remoteJid;
    const party = toParty(named?.replace(/[\s.-]/g, ""));
    return party.kind === "phone"
      ? [{ kind: "send_failed", phone_number: party.phone_number, error: error ?? "" }]
      : null;
  }
  if (!key) {
    return msgId ? [{ kind: "status", whatsapp_id: null, wasender_id: msgId, status: "sent", error: null }] : null;
  }
  return messageEvents(
    Message.parse({ messageTimestamp: timestamp, ...parsed.data, key: { ...key, fromMe: true }, message }),
    timestamp,
  );
}

function statusEvents(update: z.infer<typeof Update>): WasenderEvent[] {
  const status = toDeliveryStatus(update.update?.status ?? update.status);
  const ids = { whatsapp_id: update.key?.id ?? null, wasender_id: update.msgId ?? null };
  // The customer's own messages have states too; they are not ours.
  if (!status || update.key?.fromMe === false || (ids.whatsapp_id === null && ids.wasender_id === null)) return [];
  return [{ kind: "status", ...ids, status, error: status === "failed" ? "WhatsApp reported an error." : null }];
}

type Address = { phone_number: string | null; lid: string | null };

/** The other side of a chat that our message went to, or null where that is not one person. */
function chatOf(key: z.infer<typeof Key>): Address | null {
  return addressOf([toParty(key.remoteJid), toParty(key.remoteJidAlt)]);
}

/** Who wrote to us (facts-wasender, "Who sent it"), or null where it is not a private chat. */
function senderOf(key: z.infer<typeof Key>): Address | null {
  const chat = toParty(key.remoteJid);
  if (chat.kind === "many") return null;
  return addressOf([
    toParty(key.cleanedSenderPn),
    toParty(key.senderPn),
    chat,
    toParty(key.remoteJidAlt),
    toParty(key.senderLid),
  ]);
}

function addressOf(parties: Party[]): Address | null {
  if (parties.some((party) => party.kind === "many")) return null;
  const phone = parties.find((party) => party.kind === "phone");
  const lid = parties.find((party) => party.kind === "lid");
  return phone || lid ? { phone_number: phone?.phone_number ?? null, lid: lid?.lid ?? null } : null;
}

/** An id for a message that came without one, so that its repeats meet the same key. */
function digestOf(fields: MessageFields): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(fields)).digest("hex")}`;
}
