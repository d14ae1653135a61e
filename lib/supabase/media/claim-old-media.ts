import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Old = z.array(z.object({ id: z.number(), paths: z.array(z.string()) }));

/** Files that were received more than so many days ago and are to be deleted now; null days: none, ever. */
export async function claimOldMedia(client: Supabase, days: number | null, limit: number) {
  return Old.parse(
    await rpc(client, "claim_old_media", { p_limit: limit, ...(days === null ? {} : { p_days: days }) }),
  );
}
