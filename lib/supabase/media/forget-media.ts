import { rpc, type Supabase } from "../client.ts";

/** The files of these messages were deleted. */
export async function forgetMedia(client: Supabase, messageIds: number[]): Promise<void> {
  await rpc(client, "forget_media", { p_message_ids: messageIds });
}
