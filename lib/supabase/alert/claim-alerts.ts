import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Alert = z.object({
  kind: z.enum(["paused", "restricted", "media", "clock", "database"]),
  /** paused: configuration or session; clock: never or stopped; database: percent. */
  detail: z.string().nullable(),
  /** ISO 8601. */
  since: z.string(),
  /** It is well again. */
  over: z.boolean(),
});
export type Alert = z.infer<typeof Alert>;

/** Takes the alerts to send now; no other caller gets the same for `leaseMs`. */
export async function claimAlerts(
  client: Supabase,
  leaseMs: number,
  databaseLimitBytes: number | null,
): Promise<Alert[]> {
  const limit = databaseLimitBytes === null ? {} : { p_database_bytes: databaseLimitBytes };
  return z.array(Alert).parse(await rpc(client, "claim_alerts", { p_lease_ms: leaseMs, ...limit }));
}
