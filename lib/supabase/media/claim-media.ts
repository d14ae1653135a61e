import { z } from "zod/v3";
import { Media } from "../../wasender/content.ts";
import { rpc, type Supabase } from "../client.ts";

const Claimed = z.object({
  id: z.number(),
  lease_token: z.string(),
  /** Counting this one. */
  attempts: z.number(),
  type: z.enum(["image", "document", "video", "audio"]),
  media: Media,
  /** The folder of its file: customer and month. */
  folder: z.string(),
});
export type ClaimedMedia = z.infer<typeof Claimed>;

/** Takes the next file to fetch; no other caller gets it until the lease is over. */
export async function claimMedia(
  client: Supabase,
  leaseMs: number,
  mostAttempts: number,
): Promise<ClaimedMedia | null> {
  const answer = await rpc(client, "claim_media", { p_lease_ms: leaseMs, p_max_attempts: mostAttempts });
  return z.object({ message: Claimed.nullable() }).parse(answer).message;
}
