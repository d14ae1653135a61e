import { createServerClient, parseCookieHeader, serializeCookieHeader } from "@supabase/ssr";
import type { Context } from "../http/endpoint.ts";
import { fetchWithTimeout } from "../supabase/client.ts";
import type { Database } from "../supabase/database.types.ts";
import { SESSION_COOKIE } from "./access-token.ts";

/**
 * A Supabase client that signs in and out, and refreshes, with the session in cookies. The tokens stay in HttpOnly
 * cookies: the page's JavaScript never sees them. A session that was refreshed is written back with the answer.
 */
export function sessionClient(request: Request, { config, setCookie }: Context) {
  const secure = config.deployed || new URL(request.url).protocol === "https:";
  return createServerClient<Database>(config.supabase.url, config.supabase.key, {
    cookieOptions: { name: SESSION_COOKIE, httpOnly: true, sameSite: "strict", secure, path: "/" },
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
