import { z } from "zod/v3";
import { isTaxId } from "../bills/tax-id.ts";
import { storable } from "../json.ts";

// What staff may say that a bill says: the columns of bill_supplies, but for evidence and hash.

const MOST_KWH = 1_000_000_000;
const MOST_KW = 1_000_000;

/** An empty field says nothing. */
const optional = <Schema extends z.ZodTypeAny>(schema: Schema) =>
  z.preprocess((value) => (value === "" || value === undefined ? null : value), schema.nullable());
const text = (most: number) => optional(z.string().trim().min(1).max(most).transform(storable));
const quantity = (most: number) => optional(z.number().finite().min(0).max(most));
const day = optional(
  z
    .string()
    .regex(/^(19|20)\d\d-\d\d-\d\d$/, "a day like 2025-03-31")
    .refine((value) => new Date(`${value}T00:00Z`).toJSON()?.slice(0, 10) === value, "no such day"),
);
const pod = optional(
  z
    .string()
    .transform((value) => value.toUpperCase().replace(/[\s.-]/g, ""))
    .refine((value) => /^IT\d{3}E\d{8}\d?$/.test(value), "a POD like IT001E12345678")
    // The fifteenth character is a check digit that not all bills print.
    .transform((value) => value.slice(0, 14)),
);
const holderId = optional(
  z
    .string()
    .transform((value) => value.toUpperCase().replace(/[\s.-]|^IT(?=[\s.-]*\d{11}$)/g, ""))
    .refine(isTaxId, "a tax code or VAT number with the right check character"),
);

/** From and to belong together, in that order. */
const PERIODS = [
  ["period_from", "period_to"],
  ["annual_from", "annual_to"],
  ["replaces_from", "replaces_to"],
] as const;

export const CorrectedSupply = z
  .object({
    pod,
    period_from: day,
    period_to: day,
    kwh: quantity(MOST_KWH),
    kwh_f1: quantity(MOST_KWH),
    kwh_f2: quantity(MOST_KWH),
    kwh_f3: quantity(MOST_KWH),
    measured: optional(z.boolean()),
    annual_kwh: quantity(MOST_KWH),
    annual_from: day,
    annual_to: day,
    power_kw: quantity(MOST_KW),
    voltage: optional(z.enum(["BT", "MT"])),
    use: optional(z.enum(["domestic", "other"])),
    supplier: text(200),
    holder: text(200),
    /** A tax code or VAT number: a keyed hash of it is kept. Left out, it stays as it was for the same holder. */
    holder_id: holderId.optional(),
    address: text(300),
    issued_on: day,
    invoice_number: text(60),
    replaces_from: day,
    replaces_to: day,
    months: z
      .array(
        z
          .object({ month: z.string().regex(/^(19|20)\d\d-(0[1-9]|1[0-2])$/), kwh: z.number().min(0).max(MOST_KWH) })
          .strict(),
      )
      .max(60)
      .default([]),
  })
  .strict()
  .superRefine((supply, context) => {
    for (const [from, to] of PERIODS) {
      const [begin, end] = [supply[from], supply[to]];
      if (begin && end && begin > end) context.addIssue({ code: "custom", path: [to], message: `is before ${from}` });
    }
  })
  // Left out is not the same as empty.
  .transform(({ holder_id, ...supply }) => (holder_id ? { ...supply, holder_id } : supply));
