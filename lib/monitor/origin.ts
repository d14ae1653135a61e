import { HttpError } from "../http/errors.ts";

/**
 * Requires that a request that changes something comes from our own page. Browsers send `Origin` with every such
 * request, and no page can forge it.
 *
 * @throws {HttpError} 403
 */
export function requireOwnOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  const host = request.headers.get("host") ?? new URL(request.url).host;
  if (origin === null || !URL.canParse(origin) || new URL(origin).host !== host) {
    throw new HttpError(403, "wrong_origin", "This can only be done from the monitor itself.");
  }
}
