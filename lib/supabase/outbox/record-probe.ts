import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Probed = z.object({ resumed: z.boolean() });

/** Stores the session's state as Wasender gave it; `connected` resumes a sender that was paused for it. */
export async function recordProbe(client: Supabase, sessionStatus: string) {
  return Probed.parse(await rpc(client, "record_probe", { p_session_status: sessionStatus }));
}
