/** Why a file was not stored, as whatsapp_messages.media_error keeps it. */
export type MediaReason =
  /** The message lacks the key or the address, or what it says of the file cannot be so. */
  | "invalid_media"
  /** It lies elsewhere than on WhatsApp's CDN, or a redirect leads elsewhere. */
  | "forbidden_host"
  | "too_many_redirects"
  | "too_large"
  | "empty"
  /** WhatsApp's CDN does not have it, or no longer. */
  | "gone"
  | "too_slow"
  | "download_failed"
  /** It ended before its length. */
  | "truncated"
  /** Not the encrypted file that the message names. */
  | "wrong_encrypted_hash"
  /** The key does not fit the file, or the file was changed. */
  | "wrong_mac"
  | "wrong_hash"
  | "wrong_length"
  /** The content is not what it claims to be. */
  | "type_mismatch"
  | "storage_failed"
  /** Our own fault: it may work after the next deployment. */
  | "processing_failed";

/** How often each is tried before it counts as final; what is not named here is final at once. */
const TRIES: Partial<Record<MediaReason, number>> = {
  // The CDN may be seconds behind the message.
  gone: 3,
  truncated: 3,
  too_slow: 5,
  download_failed: 8,
  // Ours, and the file may be the bill: as long as WhatsApp is likely to have it.
  storage_failed: 20,
  processing_failed: 8,
};

/** A file could not be stored, for a reason. */
export class MediaError extends Error {
  readonly reason: MediaReason;

  constructor(reason: MediaReason, detail: string) {
    super(`${reason}: ${detail}`);
    this.name = "MediaError";
    this.reason = reason;
  }

  /** The number of tries after which the reason is final. */
  get tries(): number {
    return TRIES[this.reason] ?? 1;
  }
}
