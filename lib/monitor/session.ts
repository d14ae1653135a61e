import type { Context } from "../http/endpoint.ts";
import { HttpError } from "../http/errors.ts";
import { databaseClient, type Supabase } from "../supabase/client.ts";
import { RefusedError } from "../supabase/database-error.ts";
import { freshAccessToken } from "./access-token.ts";
import { cookieName, readCookies } from "./cookies.ts";
import { knownBrowser } from "./known-browser.ts";

/** One answer for every way of not being signed in: an expired session looks like an account that is not staff. */
const signedOut = () => new HttpError(401, "signed_out", "Please sign in.");

/**
 * Does something in the database as the signed-in person: the database admits members of the table `staff` only.
 * Without a session the database is not called: the configuration's key must not stand in for a person.
 *
 * @throws {HttpError} 401 if there is no session, or it is not a colleague's; 503 if it must be refreshed and
 *   that fails.
 */
export async function asStaff<Result>(
  request: Request,
  context: Context,
  work: (client: Supabase) => Promise<Result>,
): Promise<Result> {
  const name = cookieName("session", request, context.config);
  const token = freshAccessToken(readCookies(request), name, Date.now() / 1000) ?? (await refreshed(request, context));
  if (token === null) throw signedOut();
  try {
    return await work(databaseClient(context.config, token));
  } catch (refused) {
    throw refused instanceof RefusedError ? signedOut() : refused;
  }
}

/**
 * Once an hour a session's token ends, and Supabase is asked for the next. It limits how often, for everybody together:
 * a session that a stranger has made up must not be asked about.
 */
async function refreshed(request: Request, { config, note, setCookie }: Context): Promise<string | null> {
  if (knownBrowser(request, config) === null) return null;
  const { notJudged, sessionClient } = await import("./session-client.ts");
  const cookies: string[] = [];
  const auth = sessionClient(request, { config, setCookie: (header) => cookies.push(header) });
  const { data, error } = await auth.getSession();
  if (error) {
    note({ auth: error.status ?? null });
    // The session may be as good as ever: its cookies stay, and the page goes on trying.
    const later = notJudged(error);
    if (later) throw later;
  }
  for (const cookie of cookies) setCookie(cookie);
  return data.session?.access_token ?? null;
}
