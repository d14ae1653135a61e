import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Written = z.object({ texts: z.array(z.string()) });

/** Says what the reminders say from now on, as the signed-in person; null: what is built in. */
export async function writeReminderTexts(client: Supabase, texts: (string | null)[]) {
  // PostgREST takes null in an array, which the generated type does not say.
  return Written.parse(await rpc(client, "write_reminder_texts", { p_texts: texts as string[] }));
}
