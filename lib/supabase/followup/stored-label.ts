import { z } from "zod/v3";
import { LABELS } from "../../answer-label.ts";

/** `date`: YYYY-MM-DD, of a promise only; null if no day was named. */
export const StoredLabel = z.object({
  value: z.enum(LABELS),
  date: z.string().nullable(),
  by: z.enum(["rule", "staff"]),
});
