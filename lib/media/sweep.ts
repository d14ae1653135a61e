import type { Config } from "../config.ts";
import { log } from "../log.ts";
import { bucket } from "../supabase/bucket.ts";
import { supabase } from "../supabase/client.ts";
import { claimSweep } from "../supabase/media/claim-sweep.ts";
import { forgetMedia } from "../supabase/media/forget-media.ts";

const FILES_A_ROUND = 200;

/**
 * Removes what is old: the content of stored webhooks, and files. A file's row is last, so that what dies in between is
 * done again.
 */
export async function sweep(config: Config): Promise<number> {
  const client = supabase(config);
  const old = await claimSweep(client, config.retention, FILES_A_ROUND);
  if (old.length === 0) return 0;
  await bucket(config).remove(old.flatMap(({ paths }) => paths));
  await forgetMedia(
    client,
    old.map(({ id }) => id),
  );
  log("info", "sweep", { deleted: old.length });
  return old.length;
}
