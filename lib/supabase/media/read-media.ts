import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Found = z.discriminatedUnion("state", [
  z.object({ state: z.enum(["none", "pending", "deleted"]) }),
  z.object({ state: z.literal("failed"), error: z.string() }),
  z.object({
    state: z.literal("stored"),
    path: z.string(),
    thumb_path: z.string().optional(),
    mime_type: z.string(),
    /** As the customer named it. */
    file_name: z.string().optional(),
    received_at: z.string(),
  }),
]);

/** Where a message's file is, for the signed-in colleague. */
export async function readMedia(client: Supabase, messageId: number) {
  return Found.parse(await rpc(client, "read_media", { p_message_id: messageId }));
}
