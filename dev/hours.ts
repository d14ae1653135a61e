import { z } from "zod/v3";
import { SendHours } from "../lib/send-hours.ts";

/** The sending hours that /sandbox sets: as the operator writes WHATSAPP_SEND_HOURS. */
const Hours = z.object({
  hours: z
    .string()
    .trim()
    .min(1)
    .superRefine((text, context) => {
      for (const { message } of SendHours.safeParse(text).error?.issues ?? []) {
        context.addIssue({ code: "custom", message: `hours: ${message}` });
      }
    }),
});

/** The next request reads them; the database has them from the next claim on, so the outbox is rung. */
export async function setHours(body: unknown, ring: () => Promise<void>): Promise<void> {
  process.env.WHATSAPP_SEND_HOURS = Hours.parse(body).hours;
  await ring();
}
