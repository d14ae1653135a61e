/** A token that expires sooner is refreshed first, so that it does not expire during the request. In seconds. */
const AT_LEAST_S = 60;

/**
 * The access token in a request's cookies, if it is valid for a while yet; else null, and the session must be read in
 * full. The token is not verified here: the database does that.
 *
 * The format is that of @supabase/ssr: JSON as `base64-` + base64url, cut into parts (`.0`, `.1`, …) if it is long.
 * Reading it here keeps that package, and all of supabase-js with it, out of a poll.
 *
 * @param name of the session's cookie
 * @param now Unix time in seconds
 */
export function freshAccessToken(cookies: ReadonlyMap<string, string>, name: string, now: number): string | null {
  let value = cookies.get(name) ?? "";
  for (let part = 0; value === "" || part > 0; part++) {
    const more = cookies.get(`${name}.${part}`);
    if (more === undefined) break;
    value += more;
  }
  if (!value.startsWith("base64-")) return null;
  try {
    const session: unknown = JSON.parse(Buffer.from(value.slice("base64-".length), "base64url").toString());
    if (typeof session !== "object" || session === null) return null;
    if (!("access_token" in session) || !("expires_at" in session)) return null;
    const { access_token, expires_at } = session;
    // What is no JWT cannot be a header either.
    if (typeof access_token !== "string" || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(access_token)) return null;
    return typeof expires_at === "number" && expires_at - now > AT_LEAST_S ? access_token : null;
  } catch {
    return null;
  }
}
