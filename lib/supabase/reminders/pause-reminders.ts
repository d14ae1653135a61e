import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";
import { Reminders } from "./reminders.ts";

const Acted = z.union([z.object({ reminders: Reminders }), z.object({ error: z.literal("not_found") })]);

/**
 * Says from which day (YYYY-MM-DD) a customer may be reminded again, or never, or that nothing is against it (null), as the
 * signed-in person.
 */
export async function pauseReminders(client: Supabase, conversationId: number, until: string | null) {
  const day = until === null ? {} : { p_until: until };
  return Acted.parse(await rpc(client, "pause_reminders", { p_conversation_id: conversationId, ...day }));
}
