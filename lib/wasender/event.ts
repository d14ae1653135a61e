import { createHash } from "node:crypto";
import { z } from "zod/v3";
import type { AnswerLabel } from "../answer-label.ts";
import { callCodeIn } from "../call-code.ts";
import type { ErrorCode } from "../error-code.ts";
import { labelAnswer } from "../followup/label-answer.ts";
import { objectionIn } from "../objection.ts";
import type { ParsedWebhook } from "../parsed-webhook.ts";
import { type Media, type MessageType, parseContent } from "./content.ts";
import { type DeliveryStatus, toDeliveryStatus } from "./delivery-status.ts";
import { flag, id, optional, text, textOrNumber } from "./fields.ts";
import { toParty } from "./jid.ts";
import { chatOf, Key, senderOf } from "./message-key.ts";
import { toMessageTime } from "./time.ts";

/** What a webhook of Wasender says, in the shape that record_wasender_webhook takes. Times are ISO 8601 in UTC. */
export type WasenderEvent =
  | ({
      kind: "incoming";
      whatsapp_id: string;
      /** Whether its words say that the customer wants no more messages, or staff have to decide that. */
      objection: "objects" | "staff" | null;
      /** The code of the call that the customer answers: see lib/call-code.ts. */
      code: string | null;
      /** What its words mean for the follow-up. */
      label: AnswerLabel | null;
    } & MessageFields)
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
      /** Of a failure, if WhatsApp said why. */
      code: ErrorCode | null;
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

const Message = z.object({
  key: Key,
  pushName: text,
  messageTimestamp: z.unknown().optional(),
  messageBody: z.unknown().optional(),
  message: z.unknown().optional(),
  msgId: id,
});
const Envelope = z.object({
  event: z.string().min(1),
  timestamp: z.unknown().optional(),
  data: z.unknown().optional(),
});
const Parameter = z.union([z.string(), z.number()]);
const State = z.object({
  status: textOrNumber,
  messageStubParameters: optional(z.union([Parameter, z.array(Parameter)])),
});
const Update = z.object({
  key: optional(Key),
  msgId: id,
  status: textOrNumber,
  // The update alone, or in a list.
  update: z
    .union([State, z.array(State)])
    .nullish()
    .catch(null)
    .transform((update) => [update ?? []].flat()),
});
const Sent = z
  .object({
    key: optional(Key),
    msgId: id,
    success: flag,
    error: z.unknown().optional(),
    message: z.unknown().optional(),
  })
  // The fields of a Message.
  .passthrough();

/** Reads a webhook's parsed body (Wasender's documentation). */
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

/** Null if the event is one that we use and nothing in it can be understood. */
function eventsOf(eventType: string, data: unknown, timestamp: unknown): WasenderEvent[] | null {
  switch (eventType) {
    case "messages.received":
    case "messages-personal.received":
    case "messages.upsert": {
      return eventsOfEach(data, Message, (message) => messageEvents(message, timestamp));
    }
    case "message.sent":
      return eventsOfEach(data, Sent, (sent) => sentEvents(sent, timestamp));
    case "messages.update": {
      return eventsOfEach(data, Update, statusEvents);
    }
    case "session.status": {
      const session = z.object({ status: z.string().trim().min(1).max(40) }).safeParse(data);
      return session.success ? [{ kind: "session", status: session.data.status.toLowerCase() }] : null;
    }
    default:
      return [];
  }
}

/** `data.messages` is an object, an array, or `data` is the item (or a list of items) itself. */
function eventsOfEach<Item>(
  data: unknown,
  schema: z.ZodType<Item, z.ZodTypeDef, unknown>,
  read: (item: Item) => WasenderEvent[],
): WasenderEvent[] | null {
  const inner = z.object({ messages: z.unknown() }).safeParse(data).data?.messages ?? data;
  const items = Array.isArray(inner) ? inner : [inner];
  const understood = items.map((item) => schema.safeParse(item)).filter((item) => item.success);
  return items.length > 0 && understood.length === 0 ? null : understood.flatMap((item) => read(item.data));
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
  const meaning = {
    objection: objectionIn(words),
    code: callCodeIn(words),
    label: labelAnswer(words, fields.message_at),
  };
  return [{ kind: "incoming", whatsapp_id: key.id ?? digestOf(fields), ...meaning, ...fields }];
}

function sentEvents(sent: z.infer<typeof Sent>, timestamp: unknown): WasenderEvent[] {
  const { key, msgId, success, error, message } = sent;
  const status = { kind: "status" as const, whatsapp_id: key?.id ?? null, wasender_id: msgId ?? null };
  const known = status.whatsapp_id !== null || status.wasender_id !== null;
  if (success === false || error) {
    const words = typeof error === "string" ? error : error ? JSON.stringify(error) : null;
    if (known) return [{ ...status, status: "failed", code: null, error: words }];
    // A number with + first: others may be dates or codes.
    const named = /\+\d[\d\s.-]{5,}\d/.exec(words ?? "") ?? /\d[\d\s.-]{5,}\d/.exec(words ?? "");
    const party = [toParty(named?.[0].replace(/[\s.-]/g, "")), toParty(key?.remoteJid)].find(
      ({ kind }) => kind === "phone",
    );
    return party?.kind === "phone"
      ? [{ kind: "send_failed", phone_number: party.phone_number, error: words ?? "" }]
      : [];
  }
  // Without its words it still says which ids belong together.
  if (!key || message === undefined || message === null)
    return known ? [{ ...status, status: "sent", code: null, error: null }] : [];
  return messageEvents(
    Message.parse({ messageTimestamp: timestamp, ...sent, key: { ...key, fromMe: true }, message }),
    timestamp,
  );
}

/** The account may not write to people who never wrote to it (Baileys #2441: `["463", "Your account has been restricted"]`). */
const REACHOUT_TIMELOCK = "463";

function statusEvents(update: z.infer<typeof Update>): WasenderEvent[] {
  const reasons = update.update.flatMap(({ messageStubParameters }) => messageStubParameters ?? []).map(String);
  const stated = update.update.find(({ status }) => status !== undefined && status !== null)?.status ?? update.status;
  const restricted = reasons.includes(REACHOUT_TIMELOCK);
  const status = restricted ? "failed" : toDeliveryStatus(stated);
  const ids = { whatsapp_id: update.key?.id ?? null, wasender_id: update.msgId ?? null };
  // The customer's own messages and those to groups have states too; they are not ours to track.
  if (!status || update.key?.fromMe === false || toParty(update.key?.remoteJid).kind === "many") return [];
  if (ids.whatsapp_id === null && ids.wasender_id === null) return [];
  if (status !== "failed") return [{ kind: "status", ...ids, status, code: null, error: null }];
  const words = reasons.filter((reason) => reason !== "").join(" ");
  return [
    {
      kind: "status",
      ...ids,
      status,
      code: restricted ? "restricted" : null,
      error: words || "WhatsApp reported an error.",
    },
  ];
}

/** An id for a message that came without one, so that its repeats meet the same key. */
function digestOf(fields: MessageFields): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(fields)).digest("hex")}`;
}
