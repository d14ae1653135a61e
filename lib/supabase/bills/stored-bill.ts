import { z } from "zod/v3";

const Day = z.string().nullable();
const Quantity = z.number().nullable();
const Text = z.string().nullable();
const Month = z.object({ month: z.string(), kwh: z.number() });

const Evidence = z.object({
  value: z.unknown(),
  unit: Text.optional(),
  /** From 1; null if staff said it. */
  page: Quantity,
  /** What is printed there; empty if staff said it, or once the file is deleted. */
  quote: z.string(),
  /** How it was found; `staff`: a person said so. */
  rule: z.string(),
  /** Whether it may be taken as it is. */
  sure: z.boolean(),
  /** Where it stands, in parts of the page's width and height; null in a photo. */
  box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }).nullable().optional(),
  /** The message whose file says it, if that is a page of the bill that came as a file of its own. */
  message_id: z.number().optional(),
  /** Of a correction: who of the staff, and when. */
  by: z.string().optional(),
  at: z.string().optional(),
});

export const StoredSupply = z.object({
  id: z.number(),
  bill_id: z.number(),
  pod: Text,
  period_from: Day,
  period_to: Day,
  kwh: Quantity,
  kwh_f1: Quantity,
  kwh_f2: Quantity,
  kwh_f3: Quantity,
  measured: z.boolean().nullable(),
  annual_kwh: Quantity,
  annual_from: Day,
  annual_to: Day,
  power_kw: Quantity,
  voltage: z.enum(["BT", "MT"]).nullable(),
  use: z.enum(["domestic", "other"]).nullable(),
  supplier: Text,
  holder: Text,
  holder_hash: Text,
  address: Text,
  issued_on: Day,
  invoice_number: Text,
  replaces_from: Day,
  replaces_to: Day,
  months: z.array(Month),
  /** By column. */
  evidence: z.record(z.string(), Evidence),
});

/** A row of `bills`, without its queue: supabase/schemas/tables/bills.sql says what the columns mean. */
export const BillRow = z.object({
  id: z.number(),
  message_id: z.number(),
  state: z.enum(["waiting", "read", "needs_eyes", "not_a_bill", "failed"]),
  kind: Text,
  reason: Text,
  reader_version: Quantity,
  page_of: Quantity,
  duplicate_of: Quantity,
  confirmed_at: Text,
  confirmed_by: Text,
});

/** What a file is and says, as the monitor gets it. */
export const StoredBill = BillRow.extend({
  /** The message of the bill whose page it is. */
  page_of_message: Quantity,
  /** The message of the bill that it repeats. */
  duplicate_of_message: Quantity,
  /** Whether it may be a bill and staff are to say so: private.file_waits. */
  waits: z.boolean(),
  supplies: z.array(StoredSupply),
});
export type StoredBill = z.infer<typeof StoredBill>;
