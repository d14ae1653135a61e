import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

/** Queues again what an older version of the reader read and nobody has confirmed. Returns how many. */
export async function rereadBills(client: Supabase, readerVersion: number): Promise<number> {
  return z.number().parse(await rpc(client, "reread_bills", { p_reader_version: readerVersion }));
}
