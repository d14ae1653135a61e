import type { Access } from "../config.ts";
import { isLocal } from "../http/is-local.ts";

/**
 * A cookie's name. Browsers take `__Host-…` only over https, for this host alone and all of its paths, so no
 * neighbour's page and no plain connection can put another one in its place. On a developer's machine there is no
 * https.
 */
export const cookieName = (name: "session" | "browser", request: Request, access: Access): string =>
  isLocal(request, access) ? name : `__Host-${name}`;

/** The same attributes as of {@link cookieHeader}, for @supabase/ssr. */
export const cookieOptions = (request: Request, access: Access) =>
  ({ httpOnly: true, sameSite: "strict", secure: !isLocal(request, access), path: "/" }) as const;

/** A Set-Cookie header; one that is kept for 0 seconds removes the cookie. */
export function cookieHeader(name: string, value: string, keptS: number, request: Request, access: Access): string {
  const secure = isLocal(request, access) ? "" : "; Secure";
  return `${name}=${value}; Path=/; Max-Age=${keptS}; HttpOnly; SameSite=Strict${secure}`;
}

/** A request's cookies by their names. */
export const readCookies = ({ headers }: Request): Map<string, string> =>
  new Map(
    (headers.get("cookie") ?? "").split(";").map((pair): [string, string] => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
