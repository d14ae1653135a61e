import type { Config } from "../config.ts";
import { FUNCTION_SECONDS, functionEnd, RESERVE_MS } from "../function-time.ts";
import { log } from "../log.ts";
import { bucket } from "../supabase/bucket.ts";
import { type Supabase, supabase } from "../supabase/client.ts";
import { type ClaimedMedia, claimMedia } from "../supabase/media/claim-media.ts";
import { type StoredMedia, settleMedia } from "../supabase/media/settle-media.ts";
import { MediaError } from "./media-error.ts";
import { storeMedia } from "./store-media.ts";

/** A function that holds an older lease is dead. */
const LEASE_MS = FUNCTION_SECONDS * 1_500;
/** Counting those that died with their function. */
const MOST_ATTEMPTS = 24;
const FIRST_BACKOFF_MS = 15_000;
const LONGEST_BACKOFF_MS = 2 * 60 * 60_000;

export type MediaTerms = {
  /** When the platform ends the function, by performance.now(). */
  end?: number;
  downloadTimeoutMs?: number;
};

/**
 * Fetches and stores the files that are due, one after the other. Safe to run any number of times at once: a claim
 * gives out each file once.
 */
export async function storeDueMedia(config: Config, { end = functionEnd(), downloadTimeoutMs }: MediaTerms = {}) {
  const client = supabase(config);
  const done = { stored: 0, failed: 0 };
  do {
    const claimed = await claimMedia(client, LEASE_MS, MOST_ATTEMPTS);
    if (claimed === null) break;
    const stored = await storeOne(config, client, claimed, downloadTimeoutMs);
    if (stored) done.stored++;
    else done.failed++;
  } while (performance.now() < end - RESERVE_MS.file);
  return done;
}

async function storeOne(config: Config, client: Supabase, claimed: ClaimedMedia, downloadTimeoutMs?: number) {
  const { id, attempts, lease_token, type } = claimed;
  const files = bucket(config);
  let stored: StoredMedia;
  try {
    stored = await storeMedia(claimed, files, downloadTimeoutMs);
  } catch (thrown) {
    // One file that fails must not stop the others.
    const error = thrown instanceof MediaError ? thrown : new MediaError("processing_failed", String(thrown));
    const { reason, tries } = error;
    const final = attempts >= tries;
    log("warn", "media", { message: id, type, outcome: final ? "failed" : "retry", reason, error: error.message });
    await settleMedia(client, id, lease_token, final ? { outcome: "failed", reason } : retry(reason, attempts));
    return false;
  }
  const { settled, keep } = await settleMedia(client, id, lease_token, { outcome: "stored", ...stored });
  log("info", "media", { message: id, type, outcome: settled ? "stored" : "late", bytes: stored.size });
  // Erased while it was being fetched: then the file must go as well.
  if (!settled && !keep) await files.remove([stored.path, stored.thumb_path].filter((path) => path !== null));
  return settled;
}

function retry(reason: MediaError["reason"], attempts: number) {
  const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 4 ** (attempts - 1));
  return { outcome: "retry", reason, retry_ms: backoff, max_attempts: MOST_ATTEMPTS } as const;
}
