import { DEFAULT_SEND_HOURS, SendHours } from "../../lib/send-hours.ts";
import type { Terms } from "../../lib/terms.ts";
import { ASK, call } from "./surface.ts";
import type { World } from "./world.ts";

// What contact with customers depends on, for tests of the database's part of it.

/** The environment's terms: always open, nothing is asked, no cap. */
export const terms = (more: Partial<Terms> = {}): Terms => ({
  hours: null,
  closed: [],
  first_contacts_per_day: null,
  check_numbers: false,
  objection_reply: "Va bene.",
  ask: { text: ASK, cooldown_hours: 0, after_bill: false },
  case: { accepts_history: false, deadline: null },
  reminders: null,
  ...more,
});
export const USUAL = SendHours.parse(DEFAULT_SEND_HOURS);

/** Closed now, in Rome: open on another day of the week only. */
export const closedNow = (): Terms => {
  const day = new Date(Date.now() + 3 * 86_400_000).getUTCDay() || 7;
  return terms({ hours: [{ day, from: 0, to: 1440 }] });
};

export type Claim = {
  message?: { id: number; lease_token: string; phone_number: string; kind: string; text: string; check: boolean };
  idle?: string;
  wait_ms?: number | null;
};

/** Takes the next message by these terms, the slot never making it wait. */
export async function claimBy(world: World, by: Terms = terms(), more: object = {}): Promise<Claim> {
  const [row] = await world.query<{ answer: Claim }>(
    call("claim_message", {
      p_interval_ms: 0,
      p_start_within_ms: 0,
      p_lease_ms: 60_000,
      p_fingerprint: "key",
      p_ahead_ms: 20_000,
      p_terms: by,
      p_check_ms: 5_000,
      ...more,
    }),
  );
  if (!row) throw new Error("no answer");
  return row.answer;
}

/** Why a message waits at a time, "reason until" with Rome's clock; null if it may go. */
export async function holdOf(world: World, id: number, at: string, by: Terms = terms({ hours: USUAL })) {
  await world.query(`update private.terms set terms = '${JSON.stringify(by).replaceAll("'", "''")}' where id`);
  const [row] = await world.query<{ hold: string | null }>(
    `select h.reason || coalesce(' ' || to_char(h.until at time zone 'Europe/Rome', 'Dy DD HH24:MI'), '') as hold
       from public.whatsapp_messages m, public.whatsapp_sender s, private.hold(m, '${at}', s) h where m.id = ${id}`,
  );
  return row?.hold ?? null;
}

export type Sent = { id: number; kind: string; phone_number: string; status: string; error_code: string | null };
export const outgoing = (world: World) =>
  world.query<Sent>(
    "select id, kind, phone_number, status, error_code from public.whatsapp_messages where direction = 'outgoing' order by id",
  );
