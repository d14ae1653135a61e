import { toPhone } from "../phone.ts";

/** Who is behind a JID (WhatsApp's address of a chat or person). */
export type Party =
  | { kind: "phone"; phone_number: string }
  /** A private id, which is not a telephone number (seen in public integrations). `digits@lid`. */
  | { kind: "lid"; lid: string }
  /** A group, a story, a newsletter or a broadcast list. */
  | { kind: "many" }
  | { kind: "none" };

/** LIDs have 15 digits or so; what is much longer is none, and would not fit the database's indexes. */
const MOST_LID_DIGITS = 20;

/**
 * Reads a JID, with or without a device suffix (`39…:12@s.whatsapp.net`), or the bare number that some events carry.
 */
export function toParty(value: unknown): Party {
  if (typeof value !== "string") return { kind: "none" };
  const [user = "", server] = value.trim().toLowerCase().split("@");
  const digits = user.split(":")[0]?.replace(/[^0-9]/g, "") ?? "";
  switch (server) {
    case "lid":
    case "hosted.lid":
      return digits === "" || digits.length > MOST_LID_DIGITS
        ? { kind: "none" }
        : { kind: "lid", lid: `${digits}@lid` };
    case undefined:
    case "s.whatsapp.net":
    case "c.us":
    case "hosted": {
      const { e164 } = toPhone(digits === "" ? null : `+${digits}`);
      if (e164 !== null) return { kind: "phone", phone_number: e164 };
      // WhatsApp itself says that this is a number, even if its form is an old one (Mexico's are +521…).
      return server !== undefined && /^[1-9][0-9]{5,14}$/.test(digits)
        ? { kind: "phone", phone_number: `+${digits}` }
        : { kind: "none" };
    }
    default:
      return { kind: "many" };
  }
}
