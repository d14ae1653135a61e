import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";
import { CustomerFiles } from "./customer-files.ts";

const Erased = z.object({
  messages: z.number(),
  conversations: z.number(),
  calls: z.number(),
  webhooks: z.number(),
  files: CustomerFiles,
});

/** Removes what the database has of a customer, in one transaction. The files are still to be removed. */
export async function eraseCustomer(client: Supabase, phoneNumber: string) {
  return Erased.parse(await rpc(client, "erase_customer", { p_phone_number: phoneNumber }));
}
