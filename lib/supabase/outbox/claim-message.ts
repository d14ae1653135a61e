import { z } from "zod/v3";
import type { Terms } from "../../terms.ts";
import { rpc, type Supabase } from "../client.ts";

const Claimed = z.union([
  z.object({
    message: z.object({
      id: z.number(),
      lease_token: z.string(),
      phone_number: z.string(),
      kind: z.string(),
      text: z.string(),
      /** Counting this one. */
      attempts: z.number(),
      /** Ask first whether the number is on WhatsApp. */
      check: z.boolean(),
      /** How long until its slot begins: nothing may be sent before. */
      wait_ms: z.number(),
    }),
  }),
  z.object({
    /**
     * Why there is nothing to send: no message, the slot, a message that may go later only, another claim, a pause, messages
     * that only a person can let go, or LIDs whose numbers must be known first.
     */
    idle: z.enum(["empty", "slot", "backoff", "busy", "paused", "held", "lids"]),
    /** When to ask again, or null if waiting does not help. */
    wait_ms: z.number().nullable(),
    /** Paused, and it is this caller's turn to ask Wasender whether it works again. */
    probe: z.boolean().optional(),
  }),
]);

/** What the claim promises: see supabase/schemas/outbox/claim_message.sql. All in milliseconds. */
export type ClaimTerms = {
  intervalMs: number;
  startWithinMs: number;
  leaseMs: number;
  fingerprint: string;
  /** A slot that comes so soon is taken already. */
  aheadMs: number;
  /** How long it takes to ask whether a number is on WhatsApp. */
  checkMs: number;
  /** What the database needs of the environment. */
  terms: Terms;
};

/** Takes the next message together with the send slot, in one transaction, or says why not and how long to wait. */
export async function claimMessage(client: Supabase, terms: ClaimTerms) {
  return Claimed.parse(
    await rpc(client, "claim_message", {
      p_interval_ms: terms.intervalMs,
      p_start_within_ms: terms.startWithinMs,
      p_lease_ms: terms.leaseMs,
      p_fingerprint: terms.fingerprint,
      p_ahead_ms: terms.aheadMs,
      p_check_ms: terms.checkMs,
      p_terms: terms.terms,
    }),
  );
}
