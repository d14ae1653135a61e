import { z } from "zod/v3";

// A customer's case as the database's functions return it (private.feed_case). Days are YYYY-MM-DD; bills are the ids of
// their messages.

const CASE_STATES = ["none", "open", "complete", "declared"] as const;

/** What staff should know of a case (private.case_warnings). */
const WARNINGS = [
  "holder_differs",
  "domestic_use",
  "gas_only",
  "other_year",
  "pod_shared",
  "overlap",
  "gap",
  "crosses_year",
] as const;

const Month = z.object({
  month: z.number().int().min(1).max(12),
  /** known: a document gives its kWh, but it is no bill of it. */
  state: z.enum(["covered", "unconfirmed", "known", "missing", "not_due"]),
  kwh: z.number().nullable(),
  bills: z.array(z.number()),
});

const Pod = z.object({
  pod: z.string(),
  /** When the supply began and ended, if staff said so. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  months: z.array(Month).length(12),
  /** Of the whole year; null with a warning that says why. */
  kwh: z.number().nullable(),
  parts: z.array(z.object({ bill: z.number(), from: z.string(), to: z.string(), kwh: z.number() })),
});

const Missing = z.array(z.object({ pod: z.string(), months: z.array(z.number()) }));

/** What the list shows of a case. */
export const CaseSummary = z.object({
  /** Null in a row that is older than its customer's first call or message. */
  year: z.number().nullable(),
  state: z.enum(CASE_STATES),
  /** Months; if no POD is known (`of` is null), files. */
  covered: z.number(),
  of: z.number().nullable(),
});
export type CaseSummary = z.infer<typeof CaseSummary>;

/** A summary with what is missing, for a spreadsheet. */
export const CaseRow = CaseSummary.extend({ missing: Missing });
export type CaseRow = z.infer<typeof CaseRow>;

export const Case = CaseSummary.extend({
  year: z.number(),
  pods: z.array(Pod),
  missing: Missing,
  warnings: z.array(
    z.object({
      code: z.enum(WARNINGS),
      pod: z.string().nullable().optional(),
      bills: z.array(z.number()).optional(),
      from: z.string().optional(),
      to: z.string().optional(),
      holder: z.string().optional(),
      conversations: z.array(z.number()).optional(),
    }),
  ),
  declared: z.object({ at: z.string(), by: z.string(), reason: z.string() }).nullable(),
  /** What an ask would tell the customer now; null if nothing is missing. */
  text: z.string().nullable(),
  /** It is complete, and nobody has asked whether the farm has other supplies. */
  ask_other_supplies: z.boolean(),
});
export type Case = z.infer<typeof Case>;
