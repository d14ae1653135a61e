import { createHash, timingSafeEqual } from "node:crypto";
import type { Access } from "../config.ts";
import { ConfigError } from "../environment.ts";
import { HttpError } from "./errors.ts";
import { isLocal } from "./is-local.ts";

/** Where a caller may put its secret, besides `Authorization: Bearer`. */
type Places = {
  headers?: readonly string[];
  query?: string;
};

/**
 * Requires one of the configured secrets (constant time). If none is configured, a developer's own requests pass, and
 * no others.
 *
 * @throws {HttpError} 401 without detail. @throws {ConfigError} if there is no secret.
 */
export function requireSecret(
  request: Request,
  access: Access,
  variable: keyof Access["secrets"],
  places: Places = {},
): void {
  const accepted = access.secrets[variable];
  if (accepted.length === 0) {
    if (isLocal(request, access)) return;
    throw new ConfigError(variable, "is not set: without it every request is refused.");
  }
  const bearer = /^Bearer\s+(.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const given = [
    bearer,
    ...(places.headers ?? []).map((name) => request.headers.get(name)),
    places.query ? new URL(request.url).searchParams.get(places.query) : null,
  ].flatMap((value) => value?.trim() || []);
  if (!given.some((value) => accepted.some((secret) => sameSecret(value, secret))))
    throw new HttpError(401, "unauthorized", "Unauthorized.");
}

/** The same for a webhook, of whose refusal somebody else is told before it is answered. */
export async function requireWebhookSecret(
  refused: () => Promise<void>,
  ...required: Parameters<typeof requireSecret>
): Promise<void> {
  try {
    requireSecret(...required);
  } catch (error) {
    if (error instanceof HttpError) await refused();
    throw error;
  }
}

// Digests have one length, which timingSafeEqual needs, and hide the secret's own.
function sameSecret(given: string, secret: string): boolean {
  const digest = (value: string) => createHash("sha256").update(value).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
