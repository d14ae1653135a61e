import { z } from "zod/v3";
import { optional, text } from "./fields.ts";

/** A message's type, as whatsapp_messages stores it. */
export type MessageType =
  | "text"
  | "image"
  | "document"
  | "video"
  | "audio"
  | "sticker"
  | "location"
  | "contact"
  | "poll"
  | "other";

/** What is needed to fetch and decrypt an attachment later; WhatsApp's names. */
export type Media = z.infer<typeof Media>;

/** `reaction` and `protocol` are not messages of a customer but about other messages. */
export type Content =
  | { kind: "message"; type: MessageType; text: string | null; media: Media | null; quotedId: string | null }
  | { kind: "reaction" | "protocol" };

const numeric = optional(z.coerce.number().int().nonnegative().safe());

export const Media = z.object({
  url: text,
  directPath: text,
  mimetype: text,
  mediaKey: text,
  fileSha256: text,
  fileEncSha256: text,
  fileLength: numeric,
  fileName: text,
  title: text,
  pageCount: numeric,
});

const Part = z.object({
  text,
  caption: text,
  name: text,
  displayName: text,
  contextInfo: optional(z.object({ stanzaId: text })),
});

const MEDIA: Record<string, MessageType> = {
  imageMessage: "image",
  documentMessage: "document",
  videoMessage: "video",
  ptvMessage: "video",
  audioMessage: "audio",
  stickerMessage: "sticker",
};
const OTHER: Record<string, MessageType> = {
  locationMessage: "location",
  liveLocationMessage: "location",
  contactMessage: "contact",
  contactsArrayMessage: "contact",
  pollCreationMessage: "poll",
  pollCreationMessageV3: "poll",
};
const REACTIONS = ["reactionMessage", "encReactionMessage", "pollUpdateMessage"];
const PROTOCOL = [
  "protocolMessage",
  "senderKeyDistributionMessage",
  "messageContextInfo",
  "pinInChatMessage",
  "keepInChatMessage",
  "albumMessage",
  "placeholderMessage",
  // WhatsApp's own spelling.
  "callLogMesssage",
];
const MOST_WRAPPERS = 8;

type Node = Record<string, unknown>;
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads WhatsApp's `message`, wrappers opened, with the text that Wasender unified (`messageBody`) if it gave one.
 */
export function parseContent(message: unknown, messageBody: unknown): Content {
  const unified = typeof messageBody === "string" && messageBody !== "" ? messageBody : null;
  const node = unwrap(message);
  if (node === null) return unified === null ? { kind: "protocol" } : plain("text", unified);

  for (const [key, type] of Object.entries(MEDIA)) {
    if (isNode(node[key])) {
      const part = Part.parse(node[key]);
      const media = Media.parse(node[key]);
      return {
        kind: "message",
        type,
        text: part.caption || unified,
        media,
        quotedId: part.contextInfo?.stanzaId ?? null,
      };
    }
  }
  if (typeof node.conversation === "string" && (node.conversation || unified)) {
    return plain("text", node.conversation || unified);
  }
  if (isNode(node.extendedTextMessage)) {
    const part = Part.parse(node.extendedTextMessage);
    return plain("text", part.text || unified, part.contextInfo?.stanzaId);
  }
  for (const [key, type] of Object.entries(OTHER)) {
    if (isNode(node[key])) {
      const part = Part.parse(node[key]);
      return plain(type, unified ?? part.displayName ?? part.name ?? part.caption ?? null, part.contextInfo?.stanzaId);
    }
  }
  if (REACTIONS.some((key) => key in node)) return { kind: "reaction" };
  const others = Object.keys(node).filter((key) => !PROTOCOL.includes(key) && key !== "conversation");
  // A button, a list, or what WhatsApp invents next: kept, with whatever words it shows.
  if (others.length > 0) return plain("other", unified);
  // Nothing was said: a deletion, a changed key, or what could not be decrypted (it comes again, with its content).
  return unified === null || "protocolMessage" in node ? { kind: "protocol" } : plain("text", unified);
}

function plain(type: MessageType, words: string | null, quotedId: string | null | undefined = null): Content {
  return { kind: "message", type, text: words, media: null, quotedId: quotedId ?? null };
}

/** Opens WhatsApp's wrappers, the known ones (seen in public integrations) and new ones: each holds a `message`. */
function unwrap(message: unknown, depth = 0): Node | null {
  if (!isNode(message)) return null;
  if (depth >= MOST_WRAPPERS) return message;
  for (const part of Object.values(message)) {
    if (isNode(part) && isNode(part.message)) return unwrap(part.message, depth + 1);
  }
  // An edit carries the new text; the first one may never have come.
  const edit = isNode(message.protocolMessage) ? message.protocolMessage.editedMessage : null;
  return isNode(edit) ? unwrap(edit, depth + 1) : message;
}
