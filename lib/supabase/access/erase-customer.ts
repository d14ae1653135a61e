import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Erased = z.object({
  messages: z.number(),
  conversations: z.number(),
  calls: z.number(),
  webhooks: z.number(),
  /** The customer's folders in the bucket, and the files that the messages named: they are still there. */
  files: z.object({ folders: z.array(z.string()), paths: z.array(z.string()) }),
});

/** Removes what the database has of the customer of an erasure, but the files, in one transaction. */
export async function eraseCustomer(client: Supabase, erasureId: number) {
  return Erased.parse(await rpc(client, "erase_customer", { p_id: erasureId }));
}
