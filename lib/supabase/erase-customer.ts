import { z } from "zod/v3";
import { call, type Supabase } from "./client.ts";

/** A customer's folders in the bucket, and the files that the messages name. */
const Files = z.object({ folders: z.array(z.string()), paths: z.array(z.string()) });
const Erased = z.object({
  messages: z.number(),
  conversations: z.number(),
  calls: z.number(),
  webhooks: z.number(),
  files: Files,
});

export async function customerFiles(client: Supabase, phoneNumber: string) {
  return Files.parse(await call(client, "customer_files", { p_phone_number: phoneNumber }));
}

/** Removes what the database has of a customer, in one transaction. The files are still to be removed. */
export async function eraseCustomer(client: Supabase, phoneNumber: string) {
  return Erased.parse(await call(client, "erase_customer", { p_phone_number: phoneNumber }));
}
