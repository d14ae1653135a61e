import type { Json } from "../json.ts";

export type Redact = (text: string) => string;

export const REMOVED = "[removed]";
// Wasender's sessionId may be the session's API key (seen in public integrations).
const SECRET_KEY = /^(session_?id|(x_)?api_?key|access_?token|authorization)$/i;
/**
 * What nothing here reads and leads to a file that may be deleted one day: WhatsApp's small pictures of it, and quoted
 * messages with its address and key.
 */
const COPY_KEY = /^((jpeg|png)Thumbnail|thumbnail(DirectPath|Sha256|EncSha256)|quotedMessage)$/;
/** The keys of a secret in a document that is text: quoted, escaped, or as a form's field; then the value. */
const SECRET_IN_TEXT =
  /((?:session[ _-]?id|api[ _-]?key|access[ _-]?token|authorization)[\\"']*(?:\s*[:=]\s*|\s*\r?\n\r?\n)(?:\\*["'])?(?:Bearer )?)([^\s"'\\,&}]+)/gi;
/** A shorter one would be found in ordinary words. */
const SHORTEST_SECRET = 6;
/**
 * At most so many different ones of a document: a body with thousands of such keys is no webhook, and each costs a search through it.
 */
const MOST_SECRETS = 20;

/** Removes secrets from a text, however they are escaped, and the value of a key in it that names a secret. */
export function redactor(secrets: readonly string[]): Redact {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    // The longest first: one may begin with another.
    .sort((a, b) => b.length - a.length);
  const distinct = [...new Set(forms)];
  return (text) =>
    distinct
      .reduce((rest, secret) => rest.replaceAll(secret, REMOVED), text)
      .replace(SECRET_IN_TEXT, (_, before: string) => before + REMOVED);
}

/** What a document holds under the keys that name a secret. */
export function secretsIn(value: Json): string[] {
  if (typeof value !== "object" || value === null) return [];
  const found = Object.entries<Json>({ ...value }).flatMap(([key, item]) =>
    isSecretKey(key) ? (typeof item === "string" ? [item] : []) : secretsIn(item),
  );
  return [...new Set(found)].slice(0, MOST_SECRETS);
}

/** A copy of a document without the keys that name a secret or a copy of a file, with every text redacted. */
export function redacted(value: Json, redact: Redact): Json {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((item) => redacted(item, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      isSecretKey(key) || COPY_KEY.test(key) ? [] : [[redact(key), redacted(item, redact)]],
    ),
  );
}

const isSecretKey = (key: string) => SECRET_KEY.test(key.trim().replace(/[ -]/g, "_"));
