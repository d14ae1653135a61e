import { z } from "zod/v3";
import type { HttpReply, NoHttpReply } from "../exchange.ts";

const OnWhatsapp = z.object({ success: z.literal(true), data: z.object({ exists: z.boolean() }) });

/** What GET /on-whatsapp says; null for an error, a limit or no answer: nobody knows. */
export function toExists(reply: HttpReply | NoHttpReply): boolean | null {
  if (reply.kind === "no_reply" || reply.status !== 200) return null;
  const parsed = OnWhatsapp.safeParse(reply.body);
  return parsed.success ? parsed.data.data.exists : null;
}
