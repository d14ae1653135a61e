import { z } from "zod/v3";
import type { Json } from "../../json.ts";
import { rpc, type Supabase } from "../client.ts";
import { StoredBill } from "./stored-bill.ts";

const Acted = z.union([
  z.object({ bill: StoredBill }),
  z.object({ error: z.enum(["not_found", "not_possible"]), status: z.string().optional() }),
]);

/** By the message that brought the file. */
export type BillAction =
  | { action: "bill_confirm" | "bill_reject"; id: number }
  /** `of` is the message of the bill whose page it is. */
  | { action: "bill_page"; id: number; of: number }
  | { action: "bill_correct"; id: number; supplies: Json[] };

/** Says what a file is, as the signed-in person. From then on no reading changes it. */
export async function actOnBill(client: Supabase, action: BillAction) {
  return Acted.parse(
    await rpc(client, "act_on_bill", {
      p_action: action.action,
      p_message_id: action.id,
      ...(action.action === "bill_page" ? { p_of: action.of } : {}),
      ...(action.action === "bill_correct" ? { p_supplies: action.supplies } : {}),
    }),
  );
}
