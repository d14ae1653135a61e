import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const time = z.string().nullable();

const Webhooks = z.object({
  last_at: time,
  /** What became of those of the last 24 hours. */
  day: z.object({ accepted: z.number(), duplicate: z.number(), ignored: z.number(), invalid: z.number() }),
  /** The last one that was not understood. */
  refused: z.object({ id: z.number(), at: z.string(), detail: z.string().nullable() }).nullable(),
  /** Requests since yesterday (UTC) that did not have the secret. */
  unauthorized: z.object({ count: z.number(), last_at: time }),
});

const HealthReport = z.object({
  /** The database's clock, ISO 8601, like all times here. */
  now: z.string(),
  /** Null if they were applied by a tool that does not record them. */
  migrations: z.array(z.string()).nullable(),
  tables: z.array(z.object({ name: z.string(), rls: z.boolean(), open_policies: z.array(z.string()) })),
  functions: z.array(z.string()),
  /** Views that may be read with the public key and pass row level security by, with the tables that they show. */
  open_views: z.array(z.object({ name: z.string(), tables: z.array(z.string()) })),
  /** Policies on Storage's files for others than the app, with their conditions as SQL. */
  storage_policies: z.array(z.object({ name: z.string(), conditions: z.array(z.string()) })),
  /** Callable with the public key without being asked who one is. */
  open_functions: z.array(z.string()),
  /** Whether Supabase Storage is there, and the bucket for bills. */
  storage: z.boolean(),
  bucket: z.object({ public: z.boolean() }).nullable(),
  /** How large the database is, and its three largest tables with their indexes. */
  size: z.object({ bytes: z.number(), largest: z.array(z.object({ name: z.string(), bytes: z.number() })) }),
  clock: z.object({
    /** pg_cron and pg_net are there. */
    available: z.boolean(),
    job: z.object({ schedule: z.string(), active: z.boolean() }).nullable(),
    /** Whether the job that clears the clock's log is there and active. */
    log_job: z.boolean(),
    last_run: z.object({ at: time, status: z.string().nullable(), message: z.string().nullable() }).nullable(),
    /** The last answer to any request of pg_net. */
    last_answer: z.object({ at: time, status: z.number().nullable(), error: z.string().nullable() }).nullable(),
    /** What Vault holds; the secret as a part of its hash. */
    outbox_url: z.string().nullable(),
    cron_secret: z.string().nullable(),
    due: z.boolean(),
  }),
  sender: z.object({
    rang_at: time,
    heard_at: time,
    paused_at: time,
    /** Since when first contacts wait because WhatsApp restricts the number, and until when; null if one may be tried now. */
    restricted_at: time,
    restricted_until: time,
    paused_reason: z.string().nullable(),
    paused_message: z.string().nullable(),
    session: z.string().nullable(),
    session_at: time,
    next_send_at: z.string(),
    first_sent_at: time,
    last_sent_at: time,
  }),
  /** The readings of CloudTalk's call history, and how many missed calls they found in 24 hours. */
  history: z.object({ started_at: time, ok_at: time, error: z.string().nullable(), found: z.number() }),
  queue: z.object({ queued: z.number(), oldest_at: time, due_at: time, unknown: z.number() }),
  /** Of the last 24 hours. */
  media_failed: z.number(),
  webhooks: z.object({ cloudtalk: Webhooks, wasender: Webhooks }),
  /** When each kind of Wasender's events came last. */
  wasender_events: z.object({
    "messages.received": time,
    "messages.upsert": time,
    "messages-personal.received": time,
    "messages.update": time,
    "message.sent": time,
    "session.status": time,
  }),
  /** LIDs without a number, a message of which has waited for it for more than an hour. */
  unresolved_lids: z.number(),
  staff: z.number(),
});
export type HealthReport = z.infer<typeof HealthReport>;

const Recorded = z.object({ migrations: z.array(z.string()).nullable() });

/**
 * The report of a database with other migrations than this program's: more than which they are cannot be read of it.
 */
export class OtherReportError extends Error {
  readonly migrations: string[] | null;
  constructor({ migrations }: z.infer<typeof Recorded>, options: ErrorOptions) {
    super("health_report answered as another version's does", options);
    this.migrations = migrations;
  }
}

/**
 * What the database knows of its own state. No customer's data, and no secret.
 *
 * @throws {OtherReportError}
 */
export async function healthReport(client: Supabase): Promise<HealthReport> {
  const answer = await rpc(client, "health_report", {});
  const report = HealthReport.safeParse(answer);
  if (report.success) return report.data;
  throw new OtherReportError(Recorded.parse(answer), { cause: report.error });
}
