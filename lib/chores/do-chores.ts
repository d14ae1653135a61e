import { z } from "zod/v3";
import type { Config, WasenderConfig } from "../config.ts";
import { claimChores } from "../supabase/chores/claim-chores.ts";
import { recordLid } from "../supabase/chores/record-lid.ts";
import { recordMessageInfo } from "../supabase/chores/record-message-info.ts";
import { type Supabase, supabase } from "../supabase/client.ts";
import { getMessageInfo, getPhoneOfLid } from "../wasender/client.ts";
import { toDeliveryStatus } from "../wasender/delivery-status.ts";
import { toParty } from "../wasender/jid.ts";
import { readLog } from "./read-log.ts";

/** How many questions of each kind one round asks, so that a drain keeps its time. */
const QUESTIONS = 3;

/**
 * Learns what is still unknown of messages: the WhatsApp id of a `msgId`, the number behind a LID, and, from Wasender's
 * log, whether a message was sent.
 *
 * @param until no question is asked after this time, by performance.now(). What was claimed is claimed again later.
 */
export async function doChores(config: Config, wasender: WasenderConfig, until: number): Promise<void> {
  const client = supabase(config);
  const { messages, lids, unknown } = await claimChores(client, QUESTIONS);
  const questions = [
    ...messages.map(
      ({ wasender_id }) =>
        () =>
          joinIds(client, wasender, wasender_id),
    ),
    ...lids.map((lid) => () => resolveLid(client, wasender, lid)),
    ...(unknown ? [() => readLog(config, wasender)] : []),
  ];
  for (const ask of questions) if (performance.now() < until) await ask();
}

const Info = z.object({
  data: z.object({
    key: z.object({ id: z.string().min(1) }),
    status: z.union([z.string(), z.number()]).nullish().catch(null),
  }),
});

async function joinIds(client: Supabase, wasender: WasenderConfig, wasenderId: string): Promise<void> {
  const reply = await getMessageInfo(wasender, wasenderId);
  const info = reply.kind === "reply" && reply.status === 200 ? Info.safeParse(reply.body) : null;
  if (!info?.success) return;
  const { key, status } = info.data.data;
  // Wasender knows it, so it was taken, whatever else is known of it.
  await recordMessageInfo(client, wasenderId, key.id, toDeliveryStatus(status) ?? "sent");
}

const PhoneOfLid = z.object({ success: z.literal(true), data: z.object({ pn: z.string() }) });

async function resolveLid(client: Supabase, wasender: WasenderConfig, lid: string): Promise<void> {
  const reply = await getPhoneOfLid(wasender, lid);
  const found = reply.kind === "reply" && reply.status === 200 ? PhoneOfLid.safeParse(reply.body) : null;
  const party = found?.success ? toParty(found.data.data.pn) : null;
  if (party?.kind === "phone") await recordLid(client, lid, party.phone_number);
}
