import { type Config, secretValues } from "../config.ts";
import { type Json, storable } from "../json.ts";
import type { StoredRequest } from "../supabase/stored-request.ts";
import type { Body } from "./body.ts";
import { REMOVED, redacted, redactor, secretsIn } from "./redact.ts";

const KEPT_HEADERS = ["content-type", "content-length", "user-agent", "x-vercel-id", "x-request-id"];
const SECRET_QUERY = /token|secret|key|session|auth|signature|password/i;

/**
 * A webhook as it is stored: what is needed to understand or replay it, and no secret, neither ours nor the session's.
 */
export function toStoredRequest(
  source: StoredRequest["source"],
  request: Request,
  body: Body,
  eventType: string | null,
  config: Config,
): StoredRequest {
  const value = body.ok ? body.value : null;
  const redact = redactor([...secretValues(config), ...secretsIn(value)]);
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
    body: redacted(value, redact),
    raw_body: body.ok ? null : redact(body.raw),
    ip_address: header("x-real-ip"),
    user_agent: header("user-agent"),
    event_type: eventType === null ? null : storable(redact(eventType).slice(0, 100)),
  };
}

/**
 * The same for what did not come as a request: a call of CloudTalk's history, a stored webhook that is parsed again.
 */
export function storedDocument(
  { source, method, path }: Pick<StoredRequest, "source" | "method" | "path">,
  body: Json,
  eventType: string | null,
): StoredRequest {
  return {
    source,
    method,
    path,
    url: path,
    headers: {},
    query: {},
    body,
    raw_body: null,
    ip_address: null,
    user_agent: null,
    event_type: eventType,
  };
}
