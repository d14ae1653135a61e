import { z } from "zod/v3";
import type { Config } from "../config.ts";
import type { Database } from "./database.types.ts";
import { DatabaseError, RefusedError } from "./database-error.ts";
import { postJson } from "./post-json.ts";

/** The project's database as one of its callers meets it. */
export type Supabase = Readonly<{ url: string; headers: Readonly<Record<string, string>> }>;
type Functions = Database["public"]["Functions"];

/** How long one call to the database may take, in milliseconds. */
const TIMEOUT_MS = 8_000;
/**
 * After these, a call is made once more. PostgreSQL ended the transaction whole, so nothing of it was written: two
 * waited for each other, or two wrote the same key at the same moment, of whom the second one now finds the first one's
 * row, or what it had to lock became another's while it waited.
 */
const ONCE_MORE = ["40001", "40P01", "23505"];

/** The `fetch` of supabase-js's clients: no call waits longer than {@link TIMEOUT_MS}. */
export const fetchWithTimeout: typeof fetch = (input, init) =>
  fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });

/** What the database recognises the app by if its key is the public one. */
export const appHeaders = ({ supabase: { appSecret } }: Config): Record<string, string> =>
  appSecret ? { "x-app-secret": appSecret } : {};

/** The database for the app itself. */
export const supabase = (config: Config): Supabase => databaseClient(config, config.supabase.key, appHeaders(config));

/** The database for the holder of a token: the app (the key itself), or a signed-in person. */
export const databaseClient = (
  { supabase: { url, key } }: Config,
  token: string,
  headers: Record<string, string> = {},
): Supabase => ({ url: `${url}/rest/v1`, headers: { apikey: key, authorization: `Bearer ${token}`, ...headers } });

/**
 * Calls a database function by PostgREST: one round trip, one transaction.
 *
 * @throws {DatabaseError} if the database did not answer in time. @throws {RefusedError} if it did not let us in.
 * @see https://docs.postgrest.org/en/v12/references/api/functions.html
 */
export async function rpc<Name extends keyof Functions & string>(
  client: Supabase,
  name: Name,
  args: Functions[Name]["Args"],
): Promise<unknown> {
  try {
    return await callOnce(client, name, args);
  } catch (error) {
    if (error instanceof DatabaseError && ONCE_MORE.includes(error.code ?? "")) return callOnce(client, name, args);
    throw error;
  }
}

/** What PostgREST answers if PostgreSQL, or it itself, refuses. */
const Refusal = z.object({ message: z.string(), code: z.string() });

async function callOnce({ url, headers }: Supabase, name: string, args: unknown): Promise<unknown> {
  const { status, text } = await postJson(`${url}/rpc/${name}`, headers, args, TIMEOUT_MS).catch((error: unknown) => {
    throw new DatabaseError(name, String(error), null);
  });
  const body = jsonOf(text);
  if (status >= 200 && status < 300 && body !== undefined) return body;
  const { success, data } = Refusal.safeParse(body);
  const { message, code } = success ? data : { message: `HTTP ${status} ${text.slice(0, 200)}`, code: null };
  throw new (status === 401 || status === 403 ? RefusedError : DatabaseError)(name, message, code || null);
}

/** Null if there is no text, as of a function that returns nothing; undefined if it is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}
