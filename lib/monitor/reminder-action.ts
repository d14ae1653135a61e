import { z } from "zod/v3";

const id = z.number().int().positive().safe();
const VARIABLES = ["nome", "mancano", "anno", "scadenza"];
const LONGEST = 1_000;

/** A text whose variables are all known: a customer must not read {nmoe}. */
const Text = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST)
  .refine(
    (text) =>
      [...text.matchAll(/\{([^}]*)\}?/g)].every(([all, name = ""]) => all.endsWith("}") && VARIABLES.includes(name)),
    {
      message: `has a variable other than ${VARIABLES.map((name) => `{${name}}`).join(", ")}`,
    },
  );

/** What staff may say of reminders, as `POST /api/messages` takes it. */
export const REMINDER_ACTIONS = [
  z.object({
    action: z.literal("reminders"),
    conversation_id: id,
    /** Not before this day; never again; or nothing against it. */
    paused_until: z.union([z.string().date(), z.literal("never"), z.null()]),
  }),
  z.object({ action: z.literal("reminder_texts"), texts: z.array(Text.nullable()).length(3) }),
] as const;
