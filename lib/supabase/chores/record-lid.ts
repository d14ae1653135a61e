import { rpc, type Supabase } from "../client.ts";

/** The number (E.164) behind a LID. Its messages get it, and a reply among them marks the customer's calls. */
export async function recordLid(client: Supabase, lid: string, phoneNumber: string): Promise<void> {
  await rpc(client, "record_lid", { p_lid: lid, p_phone_number: phoneNumber });
}
