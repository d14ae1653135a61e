import { z } from "zod/v3";
import type { Config, WasenderConfig } from "../config.ts";
import type { HttpReply, NoHttpReply } from "../exchange.ts";
import { toPhone } from "../phone.ts";
import { getSession, getStatus } from "../wasender/client.ts";
import { toSessionStatus } from "../wasender/session-status.ts";
import { type Finding, fail, ok } from "./finding.ts";

/** Asks Wasender for the session's state, which tries the key, the address and the session at once. */
export async function checkWasender(wasender: WasenderConfig): Promise<Finding> {
  const reply = await getStatus(wasender);
  if (reply.kind === "no_reply") {
    return fail(
      "Wasender",
      `${wasender.baseUrl} does not answer (${reply.cause}).`,
      "Check WHATSAPP_API_URL; it looks like https://www.wasenderapi.com/api.",
    );
  }
  if (reply.status === 401 || reply.status === 403) {
    return fail(
      "Wasender",
      `Wasender refuses the key (${reply.status}).`,
      "WHATSAPP_API_TOKEN is the session's API key (Wasender, Sessions, your session, API Key), not a personal token; and the subscription must be active.",
    );
  }
  const status = toSessionStatus(reply);
  if (status === null) {
    return fail(
      "Wasender",
      `${wasender.baseUrl}/status answered ${reply.status}, and not with a session's state.`,
      "Check WHATSAPP_API_URL; it looks like https://www.wasenderapi.com/api.",
    );
  }
  return status === "connected"
    ? ok("Wasender", "The key works and the session is connected.")
    : fail(
        "Wasender",
        `The key works, but the session is not connected (${status}).`,
        "Wasender, Sessions, your session: connect, and scan the QR code with the phone.",
      );
}

const Session = z.object({ data: z.object({ phone_number: z.string() }) });

/** Whether WHATSAPP_NUMBER is the session's; nothing to say if it is not set, or if there is no token to ask with. */
export function checkNumber({ wasender, wasenderLog, whatsappNumber }: Config): Promise<Finding>[] {
  if (!wasender || !wasenderLog || whatsappNumber === null) return [];
  return [getSession(wasender, wasenderLog).then((reply) => compare(reply, whatsappNumber))];
}

function compare(reply: HttpReply | NoHttpReply, ours: string): Finding {
  const session = reply.kind === "reply" ? Session.safeParse(reply.body).data?.data.phone_number : undefined;
  const phone = toPhone(session?.replace(/@.*/, ""));
  if (phone.e164 === null) {
    return ok("WHATSAPP_NUMBER", `Links lead to ${ours}; Wasender does not tell its session's number.`);
  }
  return phone.e164 === ours
    ? ok("WHATSAPP_NUMBER", "It is the session's number.")
    : fail(
        "WHATSAPP_NUMBER",
        `WHATSAPP_NUMBER is ${ours}, the session's number is ${phone.e164}: who writes first writes to another number.`,
        "Set WHATSAPP_NUMBER to the session's number, or leave it blank.",
      );
}
