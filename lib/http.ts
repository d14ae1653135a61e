import { type Config, ConfigError, readConfig } from "./config.ts";
import { type LogFields, log } from "./log.ts";
import { DatabaseError } from "./supabase/database-error.ts";

/** An answer that is an error, with the code that a program reads and the words that a person does. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = "HttpError";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** A JSON answer. No answer of the API may be cached: they hold what customers wrote. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } });
}

export type Context = {
  config: Config;
  /** Adds to the request's one log line. */
  note: (fields: LogFields) => void;
  /** Adds a Set-Cookie header to the answer, whatever that will be. */
  setCookie: (header: string) => void;
};

/**
 * Makes a handler: reads the configuration, turns every error into its answer, writes one log line.
 *
 * | thrown | answer |
 * |---|---|
 * | HttpError | its own |
 * | ConfigError | 503, the variable's name |
 * | DatabaseError | 503 with Retry-After: a webhook's sender may try again |
 * | anything else | 500, generic |
 */
export function endpoint(
  name: string,
  handle: (request: Request, context: Context) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const started = performance.now();
    let fields: LogFields = {};
    const note = (more: LogFields) => {
      fields = { ...fields, ...more };
    };
    const cookies: string[] = [];
    let response: Response;
    try {
      response = await handle(request, { config: readConfig(), note, setCookie: (header) => cookies.push(header) });
    } catch (error) {
      response = errorResponse(error);
      note({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
    }
    for (const cookie of cookies) response.headers.append("set-cookie", cookie);
    const level = response.status >= 500 ? "error" : response.status >= 400 ? "warn" : "info";
    log(level, name, { status: response.status, ms: Math.round(performance.now() - started), ...fields });
    return response;
  };
}

function errorResponse(error: unknown): Response {
  const answer = (status: number, code: string, message: string, headers?: Record<string, string>) =>
    json(status, { success: false, error: { code, message } }, headers);
  if (error instanceof HttpError) return answer(error.status, error.code, error.message, error.headers);
  if (error instanceof ConfigError) return answer(503, "not_configured", error.message);
  if (error instanceof DatabaseError) {
    return answer(503, "database_unavailable", "The database did not answer. Please try again.", {
      "retry-after": "10",
    });
  }
  return answer(500, "internal_error", "Something went wrong on our side.");
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
type Method = (typeof METHODS)[number];

/** Handlers for the methods that an endpoint does not have. Vercel would answer 405 too, but without `Allow`. */
export function methodNotAllowed(...allowed: Method[]): Record<Method, (request: Request) => Response> {
  const allow = allowed.join(", ");
  const refuse = () =>
    json(405, { success: false, error: { code: "method_not_allowed", message: `Use ${allow}.` } }, { allow });
  return Object.fromEntries(METHODS.map((method) => [method, refuse])) as Record<Method, () => Response>;
}
