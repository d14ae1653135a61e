import { t } from "./i18n.js";

/** What the sender and Wasender say, and what that means for the person who reads it; the first that fits. */
/** @type {[RegExp, keyof typeof t.reasons][]} */
const KNOWN = [
  [/(jid|number) does not exist|not (exist )?on whatsapp|recipient.*not found/i, "notOnWhatsapp"],
  [/session.{0,30}(not |dis)connected|not connected|session.{0,20}(expired|logged out|need)/i, "session"],
  [/messages? a day|daily/i, "daily"],
  [/free trial|rate.?limit|too many|retry.?after|every 1 minute/i, "rate"],
  [/subscription|payment|HTTP 402/i, "subscription"],
  [/api key|unauthori[sz]ed|forbidden|invalid token|HTTP 40[13]/i, "key"],
  [/no answer from wasender|timed? ?out/i, "noAnswer"],
  [/could not be reached/i, "unreachable"],
  [/sender stopped before|lease/i, "stopped"],
  [/wasender answered (408|5\d\d)/i, "wasenderFault"],
  [/validation failed/i, "refused"],
  [/without saying which/i, "unsaid"],
  [/duplicate_call/i, "duplicateCall"],
  // A file that came with a message: the codes of lib/media/media-error.ts.
  [/^(gone|gave_up)$/, "fileGone"],
  [/^too_large$/, "fileTooLarge"],
  [/^(too_slow|download_failed)$/, "fileNotDelivered"],
  [/^(storage_failed|processing_failed)$/, "fileNotKept"],
  [/^(invalid_media|empty|truncated|wrong_\w+|type_mismatch|forbidden_host|too_many_redirects)$/, "fileBroken"],
];

/** In words that a secretary understands; the original words where they are not known. @param {string | null | undefined} error */
export function reason(error) {
  if (!error) return "";
  const known = KNOWN.find(([pattern]) => pattern.test(error));
  return known ? t.reasons[known[1]] : t.reasonQuoted(error);
}
