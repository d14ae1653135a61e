import type { Context } from "../http/endpoint.ts";
import { HttpError } from "../http/errors.ts";
import { databaseClient, type Supabase } from "../supabase/client.ts";
import { RefusedError } from "../supabase/database-error.ts";
import { freshAccessToken } from "./access-token.ts";

/** One answer for every way of not being signed in: an expired session looks like an account that is not staff. */
const signedOut = () => new HttpError(401, "signed_out", "Please sign in.");

/**
 * Does something in the database as the signed-in person: the database admits members of the table `staff` only. Without a
 * session the database is not called: the configuration's key must not stand in for a person.
 *
 * @throws {HttpError} 401 if there is no session, or it is not a colleague's.
 */
export async function asStaff<Result>(
  request: Request,
  context: Context,
  work: (client: Supabase) => Promise<Result>,
): Promise<Result> {
  const token =
    freshAccessToken(request.headers.get("cookie"), Date.now() / 1000) ?? (await refreshed(request, context));
  if (token === null) throw signedOut();
  try {
    return await work(databaseClient(context.config, token));
  } catch (refused) {
    throw refused instanceof RefusedError ? signedOut() : refused;
  }
}

/** Once an hour a session's token ends, and Supabase is asked for the next. */
async function refreshed(request: Request, context: Context): Promise<string | null> {
  if (!request.headers.get("cookie")) return null;
  const { sessionClient } = await import("./session-client.ts");
  const { data, error } = await sessionClient(request, context).auth.getSession();
  return error ? null : (data.session?.access_token ?? null);
}
