import { type Config, readConfig, secretValues } from "../config.ts";
import { ConfigError, configProblems } from "../environment.ts";
import { functionEnd } from "../function-time.ts";
import { type LogFields, log } from "../log.ts";
import { DatabaseError } from "../supabase/database-error.ts";
import { HttpError } from "./errors.ts";
import { redactor } from "./redact.ts";

/** A JSON answer. No answer of the API may be cached: they hold what customers wrote. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } });
}

export type Context = {
  config: Config;
  /** When the platform ends the function, by performance.now(). */
  end: number;
  /** Adds to the request's one log line. */
  note: (fields: LogFields) => void;
  /** Adds a Set-Cookie header to the answer, whatever that will be. */
  setCookie: (header: string) => void;
};

/** The longest address that is read: a cursor of the feed may have 2,000 characters. */
const MAX_URL_LENGTH = 8 * 1024;
/** The most that all headers together may have, names included: a session's cookies are several KB. */
const MAX_HEADERS_LENGTH = 32 * 1024;
/** The most that is logged of an error's words. */
const MAX_ERROR_LENGTH = 1_000;

type Handle<Given> = (request: Request, context: Given) => Promise<Response>;

/**
 * Makes a handler: refuses an address or headers that are too long, reads the configuration, turns every error into its
 * answer, writes one log line.
 *
 * | thrown | answer |
 * |---|---|
 * | HttpError | its own |
 * | ConfigError | 503, the variable's name |
 * | DatabaseError | 503 with Retry-After: a webhook's sender may try again |
 * | anything else | 500, generic |
 */
export const endpoint = (name: string, handle: Handle<Context>) =>
  unconfigured(name, (request, context) => handle(request, { ...context, config: readConfig() }));

/** The same for an endpoint that also answers if the configuration is wrong. */
export function unconfigured(
  name: string,
  handle: Handle<Omit<Context, "config">>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const started = performance.now();
    const end = functionEnd(started);
    let fields: LogFields = {};
    const note = (more: LogFields) => {
      fields = { ...fields, ...more };
    };
    const cookies: string[] = [];
    let response: Response;
    try {
      requireReasonableSize(request);
      response = await handle(request, { end, note, setCookie: (header) => cookies.push(header) });
    } catch (error) {
      const answer = answerTo(error);
      response = json(
        answer.status,
        { success: false, error: { code: answer.code, message: answer.message } },
        answer.headers,
      );
      const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      fields = { outcome: answer.code, ...fields, error: redacted(words).slice(0, MAX_ERROR_LENGTH) };
    }
    for (const cookie of cookies) response.headers.append("set-cookie", cookie);
    const level = response.status >= 500 ? "error" : response.status >= 400 ? "warn" : "info";
    log(level, name, { status: response.status, ms: Math.round(performance.now() - started), ...fields });
    return response;
  };
}

function answerTo(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof ConfigError) return new HttpError(503, "not_configured", error.message);
  if (error instanceof DatabaseError) {
    return new HttpError(503, "database_unavailable", "The database did not answer. Please try again.", {
      "retry-after": "10",
    });
  }
  return new HttpError(500, "internal_error", "Something went wrong on our side.");
}

/** @throws {HttpError} 414 for an address, 431 for headers that no caller of ours sends. */
function requireReasonableSize({ url, headers }: Request): void {
  if (url.length > MAX_URL_LENGTH) {
    throw new HttpError(414, "url_too_long", `The address is longer than ${MAX_URL_LENGTH} characters.`);
  }
  let length = 0;
  headers.forEach((value, name) => {
    length += name.length + value.length;
  });
  if (length > MAX_HEADERS_LENGTH) {
    throw new HttpError(431, "headers_too_large", `The headers are longer than ${MAX_HEADERS_LENGTH} characters.`);
  }
}

/** An error may quote a key that it could not use. Without a configuration nothing can have used one. */
const redacted = (words: string) =>
  configProblems(process.env).length > 0 ? words : redactor(secretValues(readConfig()))(words);

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
type Method = (typeof METHODS)[number];

/** HEAD answers as GET, without the body. */
export const headOf =
  (get: (request: Request) => Promise<Response>) =>
  async (request: Request): Promise<Response> =>
    new Response(null, await get(request));

/** Handlers for the methods that an endpoint does not have. Vercel would answer 405 too, but without `Allow`. */
export function methodNotAllowed(...allowed: Method[]): Record<Method, (request: Request) => Response> {
  const allow = allowed.join(", ");
  const refuse = (request: Request) => {
    // The endpoint's file name, which is the end of its path.
    const name = /\/([a-z][a-z-]{0,39})\/?$/.exec(new URL(request.url).pathname)?.[1] ?? "unknown";
    log("warn", name, { status: 405, outcome: "method_not_allowed", method: request.method });
    return json(405, { success: false, error: { code: "method_not_allowed", message: `Use ${allow}.` } }, { allow });
  };
  return Object.fromEntries(METHODS.map((method) => [method, refuse])) as Record<Method, typeof refuse>;
}
