import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Acted = z.union([
  z.object({
    phone_number: z.string(),
    /** The ask that goes to it; null if there was none to send. */
    message: z.object({ id: z.number(), status: z.string() }).nullable(),
  }),
  z.object({ error: z.enum(["not_found", "not_possible"]), status: z.string().optional() }),
]);

/** Enters another number of a customer, to which an ask that was not sent goes, as the signed-in person. */
export async function addNumber(client: Supabase, conversationId: number, phoneNumber: string) {
  return Acted.parse(
    await rpc(client, "add_number", { p_conversation_id: conversationId, p_phone_number: phoneNumber }),
  );
}
