import postgres from "postgres";
import { z } from "zod/v3";
import { type LocalDatabase, migrate } from "../../dev/database.ts";
import type { Bench } from "../entry.ts";
import { queueReplies } from "../fill.ts";
import { createDatabase, type Postgres } from "../world.ts";

const LEASE_MS = 60_000;
const Claim = z.union([
  z.object({ message: z.object({ id: z.number(), lease_token: z.string() }) }),
  z.object({ idle: z.string() }),
]);

/** A queue with so many workers that wait for work. */
export type Queue = {
  /** Does so many jobs. Returns how long one took, in milliseconds. */
  run: (jobs: number) => Promise<number>;
  close: () => Promise<void>;
};

/** A migrated database without a Supabase over it: the workers speak to it directly. */
export async function useDatabase(bench: Bench, cluster: Postgres, name: string): Promise<LocalDatabase> {
  const database = bench.use(await createDatabase(cluster, name));
  await migrate(database);
  return database;
}

/** Our outbox in a database: claim_message, then settle_message as sent, with nothing in between. */
export function openOurs(database: LocalDatabase, url: string, workers: number): Queue {
  const connections = Array.from({ length: workers }, () => postgres(url, { max: 1, onnotice: () => undefined }));
  return {
    run: async (jobs) => {
      await queueReplies(database, jobs);
      await database.query("analyze public.whatsapp_messages");
      const started = performance.now();
      const done = await Promise.all(connections.map(work));
      const tookMs = performance.now() - started;
      const total = done.reduce((sum, count) => sum + count, 0);
      if (total !== jobs) throw new Error(`${total} of ${jobs} messages were claimed.`);
      await forget(database);
      return tookMs / jobs;
    },
    close: async () => {
      await Promise.all(connections.map((sql) => sql.end()));
    },
  };
}

async function work(sql: postgres.Sql): Promise<number> {
  for (let count = 0; ; ) {
    const [row] = await sql`select public.claim_message(0, 0, ${LEASE_MS}, 'bench') as claim`;
    const claim = Claim.parse(row?.claim);
    if ("idle" in claim) {
      if (claim.idle === "empty") return count;
      continue;
    }
    const { id, lease_token } = claim.message;
    const detail = { http_status: 200, wasender_id: `bench-${id}`, hold_ms: null, detail: null };
    await sql`select public.settle_message(${lease_token}, 'sent', 0, ${sql.json(detail)}, 0)`;
    count += 1;
  }
}

/** As it was before, without dead rows. */
async function forget({ exec, query }: LocalDatabase): Promise<void> {
  await exec(`
    alter table public.conversations disable trigger user;
    delete from public.whatsapp_messages where author = 'bench';
    alter table public.conversations enable trigger user;`);
  for (const table of ["whatsapp_messages", "whatsapp_attempts", "whatsapp_sender", "conversations"]) {
    await query(`vacuum public.${table}`);
  }
}
