import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";
import { BillRow, StoredSupply } from "./stored-bill.ts";

const Row = z.object({
  phone_number: z.string().nullable(),
  name: z.string().nullable(),
  received_at: z.string(),
  file_name: z.string().nullable(),
  bill: BillRow,
  supply: StoredSupply.nullable(),
});
export type BillExportRow = z.infer<typeof Row>;

/** All bill files, or one customer's, and what they say, one row a supply, newest first. */
export async function exportBills(client: Supabase, conversationId: number | null): Promise<BillExportRow[]> {
  const of = conversationId === null ? {} : { p_conversation_id: conversationId };
  return z.array(Row).parse(await rpc(client, "export_bills", of));
}
