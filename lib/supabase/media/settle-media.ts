import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

export type StoredMedia = {
  path: string;
  thumb_path: string | null;
  mime_type: string;
  /** Bytes. */
  size: number;
  pages: number | null;
  /** Hexadecimal. */
  sha256: string;
};

type Outcome =
  | ({ outcome: "stored" } & StoredMedia)
  | { outcome: "failed"; reason: string }
  | { outcome: "retry"; reason: string; retry_ms: number; max_attempts: number };

const Settled = z.object({
  /** False if the lease was over or the message no longer exists. */
  settled: z.boolean(),
  /** False if what was uploaded belongs to no message. */
  keep: z.boolean().nullable(),
});

/** Says what became of a claim. */
export async function settleMedia(
  client: Supabase,
  messageId: number,
  leaseToken: string,
  { outcome, ...detail }: Outcome,
) {
  return Settled.parse(
    await rpc(client, "settle_media", {
      p_message_id: messageId,
      p_lease_token: leaseToken,
      p_outcome: outcome,
      p_detail: detail,
    }),
  );
}
