/** The name of the cookie that holds the session, or of its first part: a long one goes on in `.0`, `.1`, … */
export const SESSION_COOKIE = "session";

/** A token that expires sooner is refreshed first, so that it does not expire during the request. In seconds. */
const AT_LEAST_S = 60;

/**
 * The access token in a Cookie header, if it is valid for a while yet; else null, and the session must be read in full. The
 * token is not verified here: the database does that.
 *
 * The format is that of @supabase/ssr: JSON as `base64-` + base64url, cut into parts if it is long. Reading it here
 * keeps that package, and all of supabase-js with it, out of a poll.
 *
 * @param now Unix time in seconds
 */
export function freshAccessToken(cookieHeader: string | null, now: number): string | null {
  const cookies = new Map(
    (cookieHeader ?? "").split(";").map((pair): [string, string] => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
  let value = cookies.get(SESSION_COOKIE) ?? "";
  for (let part = 0; value === "" || part > 0; part++) {
    const more = cookies.get(`${SESSION_COOKIE}.${part}`);
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
