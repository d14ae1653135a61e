import { callerAddress } from "../http/caller-address.ts";
import type { Context } from "../http/endpoint.ts";
import { HttpError } from "../http/errors.ts";
import { beginSignIn } from "../supabase/access/begin-sign-in.ts";
import { completeSignIn } from "../supabase/access/complete-sign-in.ts";
import type { Person } from "../supabase/access/who-am-i.ts";
import { databaseClient, supabase } from "../supabase/client.ts";
import { RefusedError } from "../supabase/database-error.ts";
import { browserCookie, browserHash, knownBrowser, newBrowser } from "./known-browser.ts";
import type { sessionClient } from "./session-client.ts";

/** Who signed in, and the client of Supabase Auth that has the new session. */
type SignedIn = { person: Person; auth: ReturnType<typeof sessionClient> };

/**
 * Signs in, with cookies that JavaScript cannot read: the session, and that this browser is known from now on. The
 * database is asked first whether a password may be tried: Supabase would refuse everybody together.
 *
 * @throws {HttpError} 401, 429 with Retry-After, or 503 with Retry-After if Supabase does not answer.
 */
export async function signIn(
  request: Request,
  context: Context,
  credentials: { email: string; password: string },
): Promise<SignedIn> {
  const { config, note } = context;
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
  // One answer for a wrong password, an unknown account and an account that is not a colleague's.
  const failed = () => new HttpError(401, "sign_in_failed", "Wrong e-mail or password.");
  const session: string[] = [];
  const { sessionClient, notJudged } = await import("./session-client.ts");
  const auth = sessionClient(request, { config, setCookie: (header) => session.push(header) });
  const { data, error } = await auth.signInWithPassword(credentials);
  if (error) {
    note({ auth: error.status ?? null });
    throw notJudged(error) ?? failed();
  }
  const browser = known ?? newBrowser(config);
  const token = data.session.access_token;
  try {
    const person = await completeSignIn(databaseClient(config, token), begun.attempt, browserHash(browser));
    for (const cookie of [...session, browserCookie(browser, request, config)]) context.setCookie(cookie);
    return { person, auth };
  } catch (refused) {
    if (!(refused instanceof RefusedError)) throw refused;
    await auth.signOut({ scope: "local" });
    throw failed();
  }
}
