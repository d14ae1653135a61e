import type { EncryptedMedia } from "./media.ts";
import type { Phone, PhoneMessage } from "./phone.ts";

// Webhook bodies, each in the shape of its fixture in tests/fixtures/wasender, with the fixture's odd spellings of
// time.

/** How the sender is named: by number, by LID with the number beside it, or by LID alone. */
export type Addressing = "pn" | "lid" | "lid-only";
export type Media = EncryptedMedia & { url: string; directPath: string; mimetype: string; pageCount?: number };

const jidOf = (phone: Phone) => `${phone.number.slice(1)}@s.whatsapp.net`;
const seconds = (ms: number) => Math.floor(ms / 1000);

export function messageSent(phone: Phone, message: PhoneMessage): object {
  return {
    event: "message.sent",
    timestamp: seconds(message.at),
    data: {
      key: { id: message.id, fromMe: true, remoteJid: phone.number },
      message: { conversation: message.text },
      success: true,
      msgId: message.msgId,
    },
  };
}

export function echo(phone: Phone, message: PhoneMessage): object {
  return {
    event: "messages.upsert",
    timestamp: seconds(message.at),
    data: {
      messages: [
        {
          key: { id: message.id, fromMe: true, remoteJid: jidOf(phone) },
          messageBody: message.text,
          message: { conversation: message.text },
          messageTimestamp: seconds(message.at),
        },
      ],
    },
  };
}

/** `status` is 3 (delivered) or 4 (read). */
export function statusUpdate(phone: Phone, message: PhoneMessage, status: 3 | 4, now: number): object {
  return {
    event: "messages.update",
    data: {
      update: { status },
      key: { remoteJid: jidOf(phone), id: message.id, fromMe: true },
      msgId: message.msgId,
    },
    timestamp: now,
  };
}

/** WhatsApp refuses what Wasender had taken: the account may not write to new people (Baileys #2441). */
export function restrictedUpdate(phone: Phone, message: PhoneMessage, now: number): object {
  return {
    event: "messages.update",
    data: {
      update: { status: 0, messageStubParameters: ["463", "Your account has been restricted"] },
      key: { remoteJid: jidOf(phone), id: message.id, fromMe: true },
      msgId: message.msgId,
    },
    timestamp: now,
  };
}

export function sessionStatus(status: string): object {
  return { event: "session.status", data: { status } };
}

/** A customer's message. Wasender reports one under several events, if they are all subscribed to. */
export function received(event: string, phone: Phone, message: PhoneMessage, media: Media | null, by: Addressing) {
  const content =
    media === null ? textOf(message) : message.type === "image" ? photoOf(message, media) : pdfOf(message, media);
  const body = { key: keyOf(phone, message.id, by), ...(phone.name ? { pushName: phone.name } : {}), ...content };
  return { event, timestamp: message.at, data: { messages: event === "messages.upsert" ? [body] : body } };
}

function keyOf(phone: Phone, id: string, by: Addressing): object {
  const number = { senderPn: jidOf(phone), cleanedSenderPn: phone.number.slice(1) };
  const lid = { senderLid: phone.lid };
  switch (by) {
    case "pn":
      return { id, fromMe: false, remoteJid: jidOf(phone), addressingMode: "pn", ...number, ...lid };
    case "lid":
      return { id, fromMe: false, remoteJid: phone.lid, addressingMode: "lid", ...number, ...lid };
    case "lid-only":
      return { id, fromMe: false, remoteJid: phone.lid, addressingMode: "lid", ...lid };
  }
}

function textOf({ text, at }: PhoneMessage): object {
  return { messageTimestamp: seconds(at), broadcast: false, messageBody: text, message: { conversation: text } };
}

function photoOf({ text, at }: PhoneMessage, media: Media): object {
  const imageMessage = { ...fileOf(media), ...(text ? { caption: text } : {}) };
  return { messageTimestamp: String(seconds(at)), message: { imageMessage } };
}

function pdfOf({ text, fileName, at }: PhoneMessage, media: Media): object {
  const documentMessage = {
    ...fileOf(media),
    fileName,
    title: fileName,
    ...(text ? { caption: text } : {}),
    ...(media.pageCount ? { pageCount: media.pageCount } : {}),
  };
  return {
    messageTimestamp: { low: seconds(at), high: 0, unsigned: true },
    messageBody: text,
    // WhatsApp wraps a document only if it has a caption.
    message: text ? { documentWithCaptionMessage: { message: { documentMessage } } } : { documentMessage },
  };
}

function fileOf({ encrypted: _, pageCount: __, ...media }: Media): object {
  return media;
}
