import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

/**
 * Begins the erasure of the customer who has this number (E.164), or goes on with one that was interrupted. Returns its
 * id.
 */
export async function startErasure(client: Supabase, phoneNumber: string) {
  return z.number().parse(await rpc(client, "start_erasure", { p_phone_number: phoneNumber }));
}
