import { z } from "zod/v3";

const id = z.number().int().positive().safe();

/** As a person writes it, with a check digit or without. */
const Pod = z
  .string()
  .max(40)
  .transform((pod) => pod.replace(/[^0-9a-z]/gi, "").toUpperCase())
  .refine((pod) => /^IT\d{3}E\d{8}\d?$/.test(pod), { message: "is not a POD" })
  .transform((pod) => pod.slice(0, 14));

const isDay = (day: string) => new Date(`${day}T00:00Z`).toJSON()?.slice(0, 10) === day;
const Day = z
  .string()
  .refine((day) => /^\d{4}-\d\d-\d\d$/.test(day) && isDay(day), { message: "is not a day like 2025-01-31" });

/** A day, or a month like 2025-01: its first or its last day. */
const edge = (last: boolean) =>
  z
    .string()
    .transform((value) => {
      const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(value) ?? [];
      return year && month
        ? new Date(Date.UTC(+year, +month - (last ? 0 : 1), last ? 0 : 1)).toJSON().slice(0, 10)
        : value;
    })
    .pipe(Day);

/** What staff may say of a case, as `POST /api/messages` takes it. */
export const CASE_ACTIONS = [
  z.object({ action: z.literal("case_year"), conversation_id: id, year: z.number().int().min(2000).max(2100) }),
  z.object({ action: z.literal("case_pod"), conversation_id: id, pod: Pod, change: z.enum(["add", "remove"]) }),
  z.object({ action: z.literal("case_pod_merge"), conversation_id: id, from: Pod, into: Pod }),
  z.object({
    action: z.literal("case_supply"),
    conversation_id: id,
    pod: Pod,
    from: Day.nullable(),
    to: Day.nullable(),
  }),
  z.object({ action: z.literal("case_months"), id, pod: Pod, from: edge(false), to: edge(true) }),
  z.object({ action: z.literal("case_declare"), conversation_id: id, reason: z.string().trim().min(1).max(500) }),
  z.object({ action: z.literal("case_reopen"), conversation_id: id }),
] as const;

/** Of an action with a range of days: whether the range does not end before it begins. */
export const daysInOrder = (action: { action: string; from?: string | null; to?: string | null }) =>
  !action.from || !action.to || action.from <= action.to;
