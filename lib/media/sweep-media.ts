import type { Config } from "../config.ts";
import { log } from "../log.ts";
import { supabase } from "../supabase/client.ts";
import { claimOldMedia } from "../supabase/media/claim-old-media.ts";
import { forgetMedia } from "../supabase/media/forget-media.ts";
import { bucket } from "./bucket.ts";

const FILES_A_ROUND = 200;

/** Deletes files that are older than MEDIA_RETENTION_DAYS. What dies in between is done again: the rows are last. */
export async function sweepMedia(config: Config): Promise<number> {
  const client = supabase(config);
  const old = await claimOldMedia(client, config.mediaRetentionDays, FILES_A_ROUND);
  if (old.length === 0) return 0;
  await bucket(config).remove(old.flatMap(({ paths }) => paths));
  await forgetMedia(
    client,
    old.map(({ id }) => id),
  );
  log("info", "media-sweep", { deleted: old.length });
  return old.length;
}
