import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

/** A customer's folders in the bucket, and the files that the messages name. */
export const CustomerFiles = z.object({ folders: z.array(z.string()), paths: z.array(z.string()) });

/** Where a customer's files are. */
export async function customerFiles(client: Supabase, phoneNumber: string) {
  return CustomerFiles.parse(await rpc(client, "customer_files", { p_phone_number: phoneNumber }));
}
