import { createServerClient, parseCookieHeader, serializeCookieHeader } from "@supabase/ssr";
import { type Context, HttpError } from "../http.ts";
import { fetchWithTimeout, type Supabase } from "../supabase/client.ts";
import type { Database } from "../supabase/database.types.ts";
import { RefusedError } from "../supabase/database-error.ts";

/** One answer for every way of not being signed in: nothing tells an expired session from an account that is not staff. */
const signedOut = () => new HttpError(401, "signed_out", "Accesso necessario. Please sign in.");

/**
 * A Supabase client that speaks as whoever the request's cookies name. The tokens stay in HttpOnly cookies: the page's
 * JavaScript never sees them. A session that was refreshed is written back with the answer.
 */
export function sessionClient(request: Request, { config, setCookie }: Context) {
  const secure = config.deployed || new URL(request.url).protocol === "https:";
  return createServerClient<Database>(config.supabase.url, config.supabase.key, {
    cookieOptions: { name: "session", httpOnly: true, sameSite: "strict", secure, path: "/" },
    cookies: {
      getAll: () =>
        parseCookieHeader(request.headers.get("cookie") ?? "").map(({ name, value }) => ({ name, value: value ?? "" })),
      setAll: (cookies) => {
        for (const { name, value, options } of cookies) setCookie(serializeCookieHeader(name, value, options));
      },
    },
    global: { fetch: fetchWithTimeout },
  });
}

/**
 * Does something in the database as the signed-in person: there, only members of the table `staff` are let in. Without
 * a session nothing is asked: the key of the configuration must not stand in for a person.
 *
 * @throws {HttpError} 401 where there is no session, or it is not a colleague's.
 */
export async function asStaff<Result>(
  request: Request,
  context: Context,
  work: (client: Supabase) => Promise<Result>,
): Promise<Result> {
  const client = sessionClient(request, context);
  const { data, error } = await client.auth.getSession();
  if (error || !data.session) throw signedOut();
  try {
    return await work(client);
  } catch (refused) {
    throw refused instanceof RefusedError ? signedOut() : refused;
  }
}
