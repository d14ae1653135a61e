import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Config } from "../config.ts";
import type { Database } from "./database.types.ts";
import { DatabaseError } from "./database-error.ts";

export type Supabase = SupabaseClient<Database>;
type Functions = Database["public"]["Functions"];

/** How long one call to the database may take, in milliseconds. */
const TIMEOUT_MS = 8_000;

let cached: { url: string; key: string; client: Supabase } | null = null;

/** The client of the project that the configuration names; one a process, so that connections are kept. */
export function supabase(config: Config): Supabase {
  const { url, key } = config.supabase;
  if (cached?.url !== url || cached.key !== key) {
    const client: Supabase = createClient<Database>(url, key, {
      auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
      global: { fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }) },
    });
    cached = { url, key, client };
  }
  return cached.client;
}

/**
 * Calls a database function: one round trip, one transaction.
 *
 * @throws {DatabaseError} where the database did not answer in time or refused.
 */
export async function call<Name extends keyof Functions & string>(
  client: Supabase,
  name: Name,
  args: Functions[Name]["Args"],
): Promise<unknown> {
  // The generated types cannot narrow a union of functions by a generic name; the signature above does.
  const { data, error } = await client.rpc(name as keyof Functions, args as never);
  if (error) throw new DatabaseError(name, error.message, error.code || null);
  return data;
}
