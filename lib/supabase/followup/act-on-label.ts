import { z } from "zod/v3";
import type { Label } from "../../answer-label.ts";
import { rpc, type Supabase } from "../client.ts";
import { StoredLabel } from "./stored-label.ts";

const Acted = z.union([z.object({ label: StoredLabel }), z.object({ error: z.literal("not_found") })]);

/** Says what a customer's message means, and until when a promise is (YYYY-MM-DD), as the signed-in person. */
export async function actOnLabel(client: Supabase, messageId: number, label: Label, date: string | null) {
  return Acted.parse(
    await rpc(client, "act_on_label", {
      p_message_id: messageId,
      p_label: label,
      ...(date === null ? {} : { p_date: date }),
    }),
  );
}
