/** @import { Conversation, MessageType } from "../data/types.js" */
import { locale, t } from "./i18n.js";

const megabytes = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** “+39 333 000 0001”; other countries' numbers as they are. @param {string | null} number E.164 */
export function phone(number) {
  if (!number) return t.list.numberUnknown;
  const [, prefix, line] = /^\+39(3\d\d)(\d{6,7})$/.exec(number) ?? [];
  return prefix && line ? `+39 ${prefix} ${line.slice(0, 3)} ${line.slice(3)}` : number;
}

/** Who it is: the name, else the number. @param {Pick<Conversation, "name" | "phone_number">} conversation */
export const who = (conversation) => conversation.name || phone(conversation.phone_number);

/** Two letters for the circle, or none for a number. @param {string | null} name */
export function initials(name) {
  const words = (name ?? "").match(/[\p{L}\p{N}]+/gu) ?? [];
  return [words[0], words.length > 1 ? words.at(-1) : ""]
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}

/** “1,2 MB”. @param {number} bytes */
export function size(bytes) {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${megabytes.format(bytes / 1_000_000)} MB`;
}

/** What a message says, in one line for the list. @param {{ type: MessageType, text: string | null }} message */
export function preview({ type, text }) {
  const words = (text ?? "").replace(/\s+/g, " ").trim().slice(0, 160);
  if (type === "text") return words;
  return words ? `${t.types[type] ?? t.types.other}: ${words}` : (t.types[type] ?? t.types.other);
}

/** With a capital letter. @param {string} text */
export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
