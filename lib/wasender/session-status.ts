import { z } from "zod/v3";
import type { HttpReply, NoHttpReply } from "../exchange.ts";

const Status = z.object({ status: z.string().min(1).max(40) });

/** The session's state in an answer to GET /status, in lower case; null if it is none. */
export function toSessionStatus(reply: HttpReply | NoHttpReply): string | null {
  if (reply.kind === "no_reply" || reply.status !== 200) return null;
  return Status.safeParse(reply.body).data?.status.toLowerCase() ?? null;
}
