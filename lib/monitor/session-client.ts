import { createServerClient, serializeCookieHeader } from "@supabase/ssr";
import type { Config } from "../config.ts";
import { callerAddress } from "../http/caller-address.ts";
import type { Context } from "../http/endpoint.ts";
import { HttpError } from "../http/errors.ts";
import { fetchWithTimeout } from "../supabase/client.ts";
import { cookieName, cookieOptions, readCookies } from "./cookies.ts";

/**
 * A client of Supabase Auth that signs in and out, and refreshes, with the session in cookies. The tokens stay in
 * HttpOnly cookies: the page's JavaScript never sees them. What it wants to be set goes to `setCookie`.
 */
export function sessionClient(request: Request, { config, setCookie }: Pick<Context, "config" | "setCookie">) {
  const { auth } = createServerClient(config.supabase.url, config.supabase.key, {
    cookieOptions: { ...cookieOptions(request, config), name: cookieName("session", request, config) },
    cookies: {
      getAll: () => [...readCookies(request)].map(([name, value]) => ({ name, value })),
      setAll: (cookies) => {
        for (const { name, value, options } of cookies) setCookie(serializeCookieHeader(name, value, options));
      },
    },
    global: { fetch: fetchOnce, headers: forwarded(request, config) },
  });
  return auth;
}

/** No answer, or a server error. The client repeats other statuses by itself, but not this one. */
const NO_ANSWER = 599;

/**
 * One request, whatever comes of it. The client repeats what Supabase did not answer or answered with 5xx for half a
 * minute: longer than a person waits, or than a function should run.
 */
const fetchOnce: typeof fetch = async (input, init) => {
  const answer = await fetchWithTimeout(input, init).catch(() => null);
  return answer !== null && answer.status < 500 ? answer : Response.json({ msg: "no answer" }, { status: NO_ANSWER });
};

/**
 * Says to Supabase on whose behalf we ask, so that its limits count each caller separately. It listens only to a secret
 * key of the new kind, and if IP address forwarding is on.
 *
 * @see https://supabase.com/docs/guides/auth/rate-limits#ip-address-forwarding
 */
function forwarded(request: Request, { supabase: { key } }: Config): Record<string, string> {
  const address = callerAddress(request);
  return address !== null && key.startsWith("sb_secret_") ? { "sb-forwarded-for": address } : {};
}

/** What to answer to an error of the client; null if Supabase judged what it was given, and refused it. */
export function notJudged({ status }: { status?: number | undefined }): HttpError | null {
  if (status !== undefined && status < 500 && status !== 429) return null;
  return new HttpError(503, "auth_unavailable", "Sign-in does not answer. Please try again.", { "retry-after": "10" });
}
