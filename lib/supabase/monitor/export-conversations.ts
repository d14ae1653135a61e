import { z } from "zod/v3";
import { StoredSupply } from "../bills/stored-bill.ts";
import { CaseRow } from "../cases/case.ts";
import { rpc, type Supabase } from "../client.ts";
import { StoredLabel } from "../followup/stored-label.ts";
import { FeedConversation } from "./feed.ts";
import { type ConversationFilter, filterArguments } from "./read-conversations.ts";

const Row = FeedConversation.pick({
  phone_number: true,
  name: true,
  state: true,
  last_at: true,
  bill_at: true,
  bill_by: true,
  todo: true,
}).extend({
  unread: z.number(),
  /** Of the last message that means anything for the follow-up. */
  label: StoredLabel.pick({ value: true, date: true }).nullable().catch(null),
  last_text: z.string().nullable(),
  last_call_at: z.string().nullable(),
  company_name: z.string().nullable(),
  objected_at: z.string().nullable(),
  objection_reason: z.string().nullable(),
  case: CaseRow,
  /** What the customer's bills say, newest first. */
  bills: z.array(
    StoredSupply.pick({
      supplier: true,
      pod: true,
      period_from: true,
      period_to: true,
      kwh: true,
      power_kw: true,
    }).extend({ confirmed: z.boolean() }),
  ),
});
export type ExportRow = z.infer<typeof Row>;

/** The filtered list for a spreadsheet, newest first, at most 20,000. */
export async function exportConversations(client: Supabase, filter: ConversationFilter): Promise<ExportRow[]> {
  return z.array(Row).parse(await rpc(client, "export_conversations", filterArguments(filter)));
}
