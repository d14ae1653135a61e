import { callerAddress } from "../http/caller-address.ts";
import type { Context } from "../http/endpoint.ts";
import { HttpError } from "../http/errors.ts";
import { beginSignIn } from "../supabase/access/begin-sign-in.ts";
import { completeSignIn } from "../supabase/access/complete-sign-in.ts";
import { databaseClient, supabase } from "../supabase/client.ts";
import { RefusedError } from "../supabase/database-error.ts";
import { browserCookie, browserHash, knownBrowser, newBrowser } from "./known-browser.ts";

/**
 * Tries a colleague's password, and keeps count: the database is asked first whether it may be tried, since Supabase would
 * refuse everybody together. Gives the person, the client of the new session, and the cookies of that session and of the
 * browser, which is known from now on; null for a wrong password, an unknown account and an account that is not a colleague's.
 *
 * @throws {HttpError} 429 with Retry-After if it may not be tried now; 503 with Retry-After if Supabase does not judge it.
 */
export async function tryPassword(
  request: Request,
  { config, note }: Context,
  credentials: { email: string; password: string },
) {
  const known = knownBrowser(request, config);
  const begun = await beginSignIn(supabase(config), {
    email: credentials.email,
    address: callerAddress(request),
    browser: known && browserHash(known),
  });
  if ("wait_s" in begun) {
    throw new HttpError(429, "too_many_attempts", `Too many attempts: please try again in ${begun.wait_s} seconds.`, {
      "retry-after": String(begun.wait_s),
    });
  }
  const { notJudged, sessionClient } = await import("./session-client.ts");
  const cookies: string[] = [];
  const auth = sessionClient(request, { config, setCookie: (header) => cookies.push(header) });
  const { data, error } = await auth.signInWithPassword(credentials);
  if (error) {
    note({ auth: error.status ?? null });
    const later = notJudged(error);
    if (later) throw later;
    return null;
  }
  const browser = known ?? newBrowser(config);
  try {
    const client = databaseClient(config, data.session.access_token);
    const person = await completeSignIn(client, begun.attempt, browserHash(browser));
    cookies.push(browserCookie(browser, request, config));
    return { person, auth, cookies };
  } catch (refused) {
    if (!(refused instanceof RefusedError)) throw refused;
    await auth.signOut({ scope: "local" });
    return null;
  }
}
