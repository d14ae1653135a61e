import type { Body } from "./body.ts";
import { type Config, secretValues } from "./config.ts";
import { type Json, storable } from "./json.ts";

/** A received webhook as webhook_requests keeps it: without secrets. */
export type StoredRequest = {
  source: "cloudtalk" | "wasender" | "reconciled";
  method: string;
  path: string;
  url: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  body: Json;
  raw_body: string | null;
  ip_address: string | null;
  user_agent: string | null;
  event_type: string | null;
  /** It is this stored one, read anew: no second row is kept. */
  replay?: { id: number; outcome: string };
};

const KEPT_HEADERS = ["content-type", "content-length", "user-agent", "x-vercel-id", "x-request-id"];
// Wasender's sessionId may be the session's API key (facts-wasender).
const SECRET_KEY = /^(session_?id|(x_)?api_?key|access_?token|authorization)$/i;
/** The same keys where a document is kept as text: quoted, escaped, or as a form's field; then the value. */
const SECRET_IN_TEXT =
  /((?:session[ _-]?id|api[ _-]?key|access[ _-]?token|authorization)[\\"']*(?:\s*[:=]\s*|\s*\r?\n\r?\n)(?:\\*["'])?(?:Bearer )?)([^\s"'\\,&}]+)/gi;
const SECRET_QUERY = /token|secret|key|session|auth|signature|password/i;
const REMOVED = "[removed]";
/** At most so many: a body with thousands of such keys is no webhook, and each costs a search through all of it. */
const MOST_SECRETS = 20;

type Redact = (text: string) => string;

/** Keeps what is needed to understand or replay a webhook, and no secret: neither ours nor the session's. */
export function toStoredRequest(
  source: StoredRequest["source"],
  request: Request,
  body: Body,
  eventType: string | null,
  config: Config,
): StoredRequest {
  const redact = redactor(config, body.ok ? body.value : null);
  const url = new URL(request.url);
  const query = [...url.searchParams].map(([key, value]): [string, string] => [
    storable(redact(key)),
    SECRET_QUERY.test(key) ? REMOVED : storable(redact(value)),
  ]);
  const header = (name: string) => {
    const value = request.headers.get(name);
    return value === null ? null : redact(value).slice(0, 500);
  };
  return {
    source,
    method: request.method,
    path: redact(url.pathname),
    url: redact(url.pathname) + (query.length === 0 ? "" : `?${new URLSearchParams(query)}`),
    headers: Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => (header(name) === null ? [] : [[name, header(name) ?? ""]])),
    ),
    query: Object.fromEntries(query),
    body: body.ok ? withoutSecrets(body.value, redact) : null,
    raw_body: body.ok ? null : redact(body.raw),
    ip_address: header("x-real-ip"),
    user_agent: header("user-agent"),
    event_type: eventType === null ? null : storable(redact(eventType).slice(0, 100)),
  };
}

/** Removes from a text our own secrets, what the body holds under a secret's key, and such a key's value in the text. */
function redactor(config: Config, body: Json): Redact {
  const secrets = [...secretValues(config), ...secretsIn(body)]
    .filter((secret) => secret.length >= 6)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    // The longest first: one may begin with another.
    .sort((a, b) => b.length - a.length);
  const distinct = [...new Set(secrets)];
  return (text) =>
    distinct
      .reduce((rest, secret) => rest.replaceAll(secret, REMOVED), text)
      .replace(SECRET_IN_TEXT, (_, before: string) => before + REMOVED);
}

const isSecretKey = (key: string) => SECRET_KEY.test(key.trim().replace(/[ -]/g, "_"));

function secretsIn(value: Json): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries<Json>({ ...value })
    .flatMap(([key, item]) => (isSecretKey(key) ? (typeof item === "string" ? [item] : []) : secretsIn(item)))
    .slice(0, MOST_SECRETS);
}

function withoutSecrets(value: Json, redact: Redact): Json {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      isSecretKey(key) ? [] : [[redact(key), withoutSecrets(item, redact)]],
    ),
  );
}
