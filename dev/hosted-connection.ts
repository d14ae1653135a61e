import { PostgresConnection } from "@supabase/lite/postgres";
import { sql } from "kysely";
import { z } from "zod/v3";

type WithContext = PostgresConnection["withContext"];

/**
 * A connection whose requests have the limits that hosted Supabase's Data API (PostgREST) gives them: how long a
 * statement may run, by its role or by the function that it calls, and that a function which is not volatile writes
 * nothing.
 *
 * @see https://supabase.com/docs/guides/database/postgres/timeouts
 * @see https://docs.postgrest.org/en/v12/references/transactions.html
 */
export class HostedConnection extends PostgresConnection {
  override withContext: WithContext = (vars, work, options) =>
    super.withContext(
      vars,
      async (database) => {
        // Without them it is a service of Supabase's own that works, in its own name.
        if (vars) await limits(options?.rpc?.path.replace("/rpc/", "") ?? null).execute(database);
        return work(database);
      },
      options,
    );

  /** PostgREST answers with PostgreSQL's code; Lite keeps to itself what was cancelled, or met another transaction. */
  override normalizeDbError(error: unknown): unknown {
    const told = Told.safeParse(error);
    if (!told.success) return super.normalizeDbError(error);
    // As a function does that decides itself what is answered.
    const message = JSON.stringify(told.data);
    return Object.assign(new Error(message), { code: "PGRST", detail: JSON.stringify({ status: 500, headers: {} }) });
  }
}

const Told = z.object({ code: z.string().regex(/^(40|57)/), message: z.string() });

/**
 * Limits the rest of a transaction that speaks as a role already. A function's own timeout takes the place of its
 * role's.
 */
const limits = (functionName: string | null) => sql`
  with called as (
    select provolatile, substring(array_to_string(proconfig, ',') from 'statement_timeout=([^,]+)') as timeout
      from pg_catalog.pg_proc where proname = ${functionName} and pronamespace = 'public'::regnamespace
  )
  select set_config('statement_timeout',
           coalesce((select timeout from called limit 1), case current_user when 'anon' then '3s' else '8s' end), true),
         set_config('transaction_read_only',
           case when (select bool_and(provolatile <> 'v') from called) then 'on' else current_setting('transaction_read_only') end, true)`;
