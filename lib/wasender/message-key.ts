import { z } from "zod/v3";
import { flag, id, text, textOrNumber } from "./fields.ts";
import { type Party, toParty } from "./jid.ts";

/** WhatsApp's key of a message: its id, its chat, and who sent it. */
export type Key = z.infer<typeof Key>;
export const Key = z.object({
  id,
  fromMe: flag,
  remoteJid: text,
  remoteJidAlt: text,
  senderPn: text,
  cleanedSenderPn: textOrNumber,
  senderLid: text,
});

/** The other side of a private chat; at least one of the two is known. */
type Address = { phone_number: string | null; lid: string | null };

/** The other side of a chat that our message went to, or null if that is not one person. */
export function chatOf(key: Key): Address | null {
  const chat = toParty(key.remoteJid);
  return chat.kind === "many" ? null : addressOf([chat, toParty(key.remoteJidAlt)]);
}

/** Who wrote to us (Wasender's documentation, on message keys), or null if it is not a private chat. */
export function senderOf(key: Key): Address | null {
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
  const lid = parties.find((party) => party.kind === "lid")?.lid ?? null;
  // A LID's digits in the place of a number are not one.
  const phone =
    parties.find((party) => party.kind === "phone" && party.phone_number.slice(1) !== lid?.split("@")[0]) ?? null;
  if (phone?.kind === "phone") return { phone_number: phone.phone_number, lid };
  return lid === null ? null : { phone_number: null, lid };
}
