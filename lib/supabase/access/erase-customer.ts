import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

/** The customer's folders in the bucket, and the files that the messages named: they are still there. */
const Files = z.object({ folders: z.array(z.string()), paths: z.array(z.string()) });

/**
 * Removes what the database has of the customer of an erasure, but mentions elsewhere and the files, in one
 * transaction.
 */
export async function eraseCustomer(client: Supabase, erasureId: number) {
  return Files.parse(await rpc(client, "erase_customer", { p_id: erasureId }));
}
