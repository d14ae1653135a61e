import { isIP } from "node:net";

/**
 * The address that a request came from; null if the host does not say it. Vercel sets `x-real-ip`, whatever the caller
 * has put there, and the proxy of another host must do the same. X-Forwarded-For may begin with anything that the
 * caller likes, and is not read.
 *
 * @see https://vercel.com/docs/headers/request-headers
 */
export function callerAddress({ headers }: Request): string | null {
  // IPv4, as a socket for both kinds writes it.
  const address = (headers.get("x-real-ip") ?? "").trim().replace(/^::ffff:(?=[\d.]+$)/i, "");
  // Without the zone that an address of a local network may have: PostgreSQL's inet does not know it.
  return isIP(address) !== 0 && !address.includes("%") ? address : null;
}
