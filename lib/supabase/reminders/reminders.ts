import { z } from "zod/v3";

/** Why a customer is not reminded now (private.plan_reminder); those with an end have next_at as well. */
const HOLDS = [
  "off",
  "objection",
  "paused",
  "case",
  "not_asked",
  "unknown",
  "never_delivered",
  "file_waits",
  "answer",
  "deadline",
  "used_up",
  "written",
  "promise",
  "paused_until",
  "spacing",
] as const;

/** A customer's reminders, as private.feed_reminders gives them. */
export const Reminders = z.object({
  /** When the next one can go at the earliest, ISO 8601; null: not before something happens. */
  next_at: z.string().nullable(),
  step: z.number().nullable(),
  hold: z.enum(HOLDS).nullable(),
  /** YYYY-MM-DD, or never (again). */
  paused_until: z.string().nullable(),
  /** What they say, with and without their variables; null if there are no reminders. */
  texts: z.array(z.object({ text: z.string(), preview: z.string() })).nullable(),
});
export type Reminders = z.infer<typeof Reminders>;
