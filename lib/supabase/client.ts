import { PostgrestClient } from "@supabase/postgrest-js";
import type { Config } from "../config.ts";
import type { Database } from "./database.types.ts";
import { DatabaseError, RefusedError } from "./database-error.ts";
import { httpFetch } from "./http-fetch.ts";

/** What calling a function needs of a client, for any role. */
export interface Supabase {
  rpc(
    name: keyof Functions,
    args: never,
  ): PromiseLike<{ data: unknown; error: { message: string; code: string } | null; status: number }>;
}
type Functions = Database["public"]["Functions"];

/** How long one call to the database may take, in milliseconds. */
const TIMEOUT_MS = 8_000;
/**
 * After these, a call is made once more. PostgreSQL ended the transaction whole, so nothing of it was written: two
 * waited for each other, or two wrote the same key at the same moment, of whom the second one now finds the first one's
 * row.
 */
const ONCE_MORE = ["40P01", "23505"];

/** The `fetch` of every client: no call waits longer than {@link TIMEOUT_MS}. */
export const fetchWithTimeout: typeof fetch = (input, init) =>
  fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });

let cached: { config: Config["supabase"]; client: Supabase } | null = null;

/** What the database recognises the app by if its key is the public one. */
export const appHeaders = ({ supabase: { appSecret } }: Config): Record<string, string> =>
  appSecret ? { "x-app-secret": appSecret } : {};

/** The client of the project that the configuration names; one a process. */
export function supabase(config: Config): Supabase {
  const { url, key, appSecret } = config.supabase;
  if (cached?.config.url !== url || cached.config.key !== key || cached.config.appSecret !== appSecret) {
    cached = {
      config: config.supabase,
      client: databaseClient(config, key, appHeaders(config)),
    };
  }
  return cached.client;
}

/**
 * A client that acts as the holder of the token: the app (the key itself), or a signed-in person.
 *
 * It is the part of supabase-js that talks to the database; all of it (sign-in, storage, realtime) would double the
 * time that a function needs to start.
 */
export function databaseClient(
  { supabase: { url, key } }: Config,
  token: string,
  headers: Record<string, string> = {},
): Supabase {
  return new PostgrestClient<Database>(`${url}/rest/v1`, {
    headers: { apikey: key, authorization: `Bearer ${token}`, ...headers },
    fetch: (input, init) => httpFetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }),
  });
}

/**
 * Calls a database function: one round trip, one transaction.
 *
 * @throws {DatabaseError} where the database did not answer in time. @throws {RefusedError} where it let us not in.
 */
export async function rpc<Name extends keyof Functions & string>(
  client: Supabase,
  name: Name,
  args: Functions[Name]["Args"],
): Promise<unknown> {
  // The types cannot follow a generic name to its arguments; the signature above does.
  const attempt = () => client.rpc(name, args as never);
  let { data, error, status } = await attempt();
  if (error && ONCE_MORE.includes(error.code)) ({ data, error, status } = await attempt());
  if (error) {
    const refused = status === 401 || status === 403;
    throw new (refused ? RefusedError : DatabaseError)(name, error.message, error.code || null);
  }
  return data;
}
