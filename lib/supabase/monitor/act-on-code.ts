import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Acted = z.union([
  z.object({ conversation: z.number() }),
  z.object({ error: z.enum(["not_found", "not_possible"]), status: z.string().optional() }),
]);

/** Says whether who wrote with the code of another customer's call is that customer, as the signed-in person. */
export async function actOnCode(client: Supabase, messageId: number, accept: boolean) {
  return Acted.parse(await rpc(client, "act_on_code", { p_message_id: messageId, p_accept: accept }));
}
