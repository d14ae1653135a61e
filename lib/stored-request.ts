import { type Body, type Json, storable } from "./body.ts";
import { type Config, secretValues } from "./config.ts";

/** A received webhook as webhook_requests keeps it: without secrets. */
export type StoredRequest = {
  source: "cloudtalk" | "wasender";
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
};

const KEPT_HEADERS = ["content-type", "content-length", "user-agent", "x-vercel-id", "x-request-id"];
// Wasender's sessionId may be the session's API key (facts-wasender).
const SECRET_KEY = /^(session_?id|api_?key|access_?token|authorization)$/i;
const SECRET_QUERY = /token|secret|key/i;
const REMOVED = "[removed]";

/** Keeps what is needed to understand or replay a webhook, and no secret: neither ours nor the session's. */
export function toStoredRequest(
  source: StoredRequest["source"],
  request: Request,
  body: Body,
  eventType: string | null,
  config: Config,
): StoredRequest {
  const secrets = secretValues(config).filter((secret) => secret.length >= 6);
  const redact = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, REMOVED), text);
  const url = new URL(request.url);
  for (const key of [...url.searchParams.keys()]) {
    if (SECRET_QUERY.test(key)) url.searchParams.set(key, REMOVED);
  }
  const header = (name: string) => {
    const value = request.headers.get(name);
    return value === null ? null : redact(value).slice(0, 500);
  };
  return {
    source,
    method: request.method,
    path: redact(url.pathname),
    url: redact(url.pathname + url.search),
    headers: Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => (header(name) === null ? [] : [[name, header(name) ?? ""]])),
    ),
    query: Object.fromEntries([...url.searchParams].map(([key, value]) => [storable(key), storable(redact(value))])),
    body: body.ok ? withoutSecrets(body.value, redact) : null,
    raw_body: body.ok
      ? null
      : redact(body.raw.replace(/("?session_?id"?\s*[:=]\s*)("[^"]*"?|[^\s,&}]*)/gi, `$1"${REMOVED}"`)),
    ip_address: header("x-real-ip"),
    user_agent: header("user-agent"),
    event_type: eventType?.slice(0, 100) ?? null,
  };
}

function withoutSecrets(value: Json, redact: (text: string) => string): Json {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (SECRET_KEY.test(key) ? [] : [[key, withoutSecrets(item, redact)]])),
  );
}
