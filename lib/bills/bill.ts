import { z } from "zod/v3";

/**
 * Raised with every change that may read a file differently: what an older version read is then read again.
 *
 * @public
 */
export const READER_VERSION = 1;

/**
 * What a file is. `both` is a bill of electricity and gas; `none` is an empty file.
 *
 * @public
 */
export const KINDS = [
  "electricity",
  "gas",
  "both",
  "receipt",
  "identity",
  "f24",
  "contract",
  "meter",
  "other",
  "none",
] as const;

/**
 * Why a file was not read, or not as a bill.
 *
 * @public
 */
export const REASONS = [
  /** The PDF wants a password. */
  "password",
  /** A photo in Apple's format that this machine's library cannot open. */
  "heic",
  /** Neither a PDF nor a picture that can be opened. */
  "unreadable",
  /** More bytes or pixels than are read. */
  "too_large",
  /** It may be a bill, but neither POD nor period was found. */
  "too_little",
  /** Photos and scans are left to people. */
  "photos_off",
  /** Its reader was ended by force. */
  "took_too_long",
  "too_much_memory",
  /** Its reader ended by itself without an answer. */
  "crashed",
] as const;

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const Month = z.object({ month: z.string().regex(/^\d{4}-\d{2}$/), kwh: z.number() });
export type Month = z.infer<typeof Month>;

/** Where a value stands on its page, in parts of the page's width and height from its upper left corner. */
const Box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const Evidence = z.object({
  value: z.union([z.string(), z.number(), z.boolean(), z.array(Month), z.null()]),
  unit: z.string().nullable(),
  /** From 1. */
  page: z.number().int(),
  /** What is printed there, without tax codes, IBANs and other people's numbers. */
  quote: z.string().max(80),
  /** How it was found. */
  rule: z.string(),
  /** Whether it may be taken as it is; otherwise a person checks it. */
  sure: z.boolean(),
  /** Null in a photo: it was turned before it was read. */
  box: Box.nullable(),
});
export type Evidence = z.infer<typeof Evidence>;

/** The columns of a supply that evidence is given for; `holder_hash` has the evidence of `holder_id`, without the id. */
export const COLUMNS = [
  "pod",
  "period_from",
  "period_to",
  "kwh",
  "kwh_f1",
  "kwh_f2",
  "kwh_f3",
  "measured",
  "annual_kwh",
  "annual_from",
  "annual_to",
  "power_kw",
  "voltage",
  "use",
  "supplier",
  "holder",
  "holder_hash",
  "address",
  "issued_on",
  "invoice_number",
  "replaces_from",
  "replaces_to",
  "months",
] as const;
export type Column = (typeof COLUMNS)[number];

const Supply = z.object({
  /** 14 characters, upper case. */
  pod: z.string().length(14).nullable(),
  period_from: Day.nullable(),
  period_to: Day.nullable(),
  kwh: z.number().nullable(),
  kwh_f1: z.number().nullable(),
  kwh_f2: z.number().nullable(),
  kwh_f3: z.number().nullable(),
  /** False if any of the consumption is estimated; null if it is not said. */
  measured: z.boolean().nullable(),
  annual_kwh: z.number().nullable(),
  annual_from: Day.nullable(),
  annual_to: Day.nullable(),
  power_kw: z.number().nullable(),
  voltage: z.enum(["BT", "MT"]).nullable(),
  use: z.enum(["domestic", "other"]).nullable(),
  supplier: z.string().nullable(),
  holder: z.string().nullable(),
  /** Tax code or VAT number, in memory only: whoever stores the supply keeps a keyed hash of it. */
  holder_id: z.string().nullable(),
  address: z.string().nullable(),
  issued_on: Day.nullable(),
  invoice_number: z.string().nullable(),
  replaces_from: Day.nullable(),
  replaces_to: Day.nullable(),
  months: z.array(Month).max(60),
  evidence: z.record(z.enum(COLUMNS), Evidence),
});
export type Supply = z.infer<typeof Supply>;

/** What was read of a file. */
export const Reading = z.object({
  state: z.enum(["read", "needs_eyes", "not_a_bill", "failed"]),
  kind: z.enum(KINDS).nullable(),
  reason: z.enum(REASONS).nullable(),
  /** Of a PDF; 1 for a photo; null if it could not be opened. */
  pages: z.number().int().nullable(),
  supplies: z.array(Supply).max(100),
});
export type Reading = z.infer<typeof Reading>;
export type Kind = (typeof KINDS)[number];
export type Reason = (typeof REASONS)[number];

/** A reading without supplies. */
export function without(
  state: Reading["state"],
  kind: Kind | null,
  reason: Reason | null,
  pages: number | null,
): Reading {
  return { state, kind, reason, pages, supplies: [] };
}
