import type { DeliveryStatus } from "../../wasender/delivery-status.ts";
import { rpc, type Supabase } from "../client.ts";

/** Joins a message's two ids, and moves its state forward to what Wasender says of it. */
export async function recordMessageInfo(
  client: Supabase,
  wasenderId: string,
  whatsappId: string,
  status: DeliveryStatus,
): Promise<void> {
  await rpc(client, "record_message_info", {
    p_wasender_id: wasenderId,
    p_whatsapp_id: whatsappId,
    p_status: status,
  });
}
