import type { Context } from "../http/endpoint.ts";
import { cookieHeader, cookieName, readCookies } from "./cookies.ts";
import { knownBrowser } from "./known-browser.ts";

/** Ends the session. Its cookies are removed even if Supabase does not answer; the browser stays known. */
export async function signOut(request: Request, { config, setCookie }: Context): Promise<void> {
  const session = cookieName("session", request, config);
  for (const name of readCookies(request).keys()) {
    if (name === session || name.startsWith(`${session}.`)) setCookie(cookieHeader(name, "", 0, request, config));
  }
  // A session that has expired is refreshed first: not for strangers, see asStaff.
  if (knownBrowser(request, config) === null) return;
  const { sessionClient } = await import("./session-client.ts");
  await sessionClient(request, { config, setCookie: () => undefined }).signOut({ scope: "local" });
}
