import { z } from "zod/v3";
import type { Config } from "../../config.ts";
import { rpc, type Supabase } from "../client.ts";

const Old = z.array(z.object({ id: z.number(), paths: z.array(z.string()) }));

/**
 * Once an hour, empties what is old in the database. Returns the files, at most `limit`, whose retention period is
 * over, for the caller to delete.
 */
export async function claimSweep(
  client: Supabase,
  { mediaDays, webhookDays, legacyToo }: Config["retention"],
  limit: number,
) {
  return Old.parse(
    await rpc(client, "claim_sweep", {
      p_limit: limit,
      ...(mediaDays === null ? {} : { p_media_days: mediaDays }),
      ...(webhookDays === null ? {} : { p_webhook_days: webhookDays }),
      p_legacy_too: legacyToo,
    }),
  );
}
