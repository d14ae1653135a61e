import { z } from "zod/v3";
import type { Json } from "../../json.ts";
import { rpc, type Supabase } from "../client.ts";
import type { ClaimedBill } from "./claim-bill.ts";

type Outcome =
  | { reading: Json; readerVersion: number }
  /** The file could not be had: when to try again. */
  | { retryMs: number };

const Settled = z.object({
  /** False if the lease was over, staff have acted, or the customer was erased. */
  settled: z.boolean(),
  state: z.string().optional(),
});

/** Says what became of a claim. */
export async function settleBill(client: Supabase, { id, lease_token }: ClaimedBill, outcome: Outcome) {
  return Settled.parse(
    await rpc(client, "settle_bill", {
      p_bill_id: id,
      p_lease_token: lease_token,
      ...("reading" in outcome
        ? { p_reading: outcome.reading, p_reader_version: outcome.readerVersion }
        : { p_reading: null, p_retry_ms: outcome.retryMs }),
    }),
  );
}
