import { z } from "zod/v3";
import { toPhone } from "../phone.ts";
import { TODOS } from "../supabase/followup/todo.ts";

const id = z.number().int().positive().safe();

/** In any spelling → E.164. */
const PhoneNumber = z
  .string()
  .max(40)
  .transform((value, context) => {
    const phone = toPhone(value);
    if (phone.e164 !== null) return phone.e164;
    context.addIssue({ code: "custom", message: "is not a telephone number" });
    return z.NEVER;
  });

/** What staff do about an item of a worklist, as `POST /api/messages` takes it. */
export const TODO_ACTIONS = [
  z.object({ action: z.literal("second_number"), conversation_id: id, phone_number: PhoneNumber }),
  z.object({ action: z.literal("done"), conversation_id: id, todo: z.enum(TODOS) }),
  z.object({ action: z.literal("join"), id, accept: z.boolean() }),
] as const;
