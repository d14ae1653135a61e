import { parseJson, storable } from "./json.ts";

/**
 * An answer, whatever its status, as PostgreSQL can store it. `body` is its JSON object or list, or null if it is
 * neither; `text` is how it begins.
 */
export type HttpReply = {
  kind: "reply";
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
  text: string;
  /** When the request began to be written, by performance.now(). */
  startedAt: number;
};

/** No answer. `left` says whether anything may have reached the other side: false only if no connection came about. */
export type NoHttpReply = {
  kind: "no_reply";
  left: boolean;
  /** The connection did not stand by `connectBy`. */
  late: boolean;
  startedAt: number | null;
  cause: string;
};

const CONNECT_TIMEOUT_MS = 8_000;
/** From the start of the request to the end of the answer. */
const REQUEST_TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

export type HttpRequest = {
  method: "GET" | "POST";
  url: string;
  /** The whole Authorization header. */
  authorization?: string;
  payload?: object | undefined;
  timeoutMs?: number | undefined;
  /** Nothing is written after this time, by performance.now(): the slot for it would be over. */
  connectBy?: number | undefined;
  /** Of the answer; what is longer is cut off. */
  maxBytes?: number;
};

/**
 * One request on a connection of its own. A kept connection may have been closed by the other side unseen, and then a
 * reset says nothing about whether the request arrived; on a fresh one, an error before it stands means that nothing
 * left.
 */
export async function exchange(request: HttpRequest): Promise<HttpReply | NoHttpReply> {
  const { method, authorization, payload, timeoutMs = REQUEST_TIMEOUT_MS, maxBytes = MAX_ANSWER_BYTES } = request;
  const url = new URL(request.url);
  // Loaded here: most functions answer without a request of their own, and it is a quarter of what they would load.
  const { buildConnector, Client } = await import("undici");
  const { connectBy = Number.POSITIVE_INFINITY } = request;
  let startedAt: number | null = null;
  let late = false;
  const timeout = Math.max(1, Math.min(CONNECT_TIMEOUT_MS, Math.ceil(connectBy - performance.now())));
  const connect = buildConnector({ timeout });
  const client = new Client(url.origin, {
    connect: (options, callback) =>
      connect(options, (...result) => {
        const [error, socket] = result;
        if (performance.now() > connectBy && startedAt === null) {
          late = true;
          socket?.destroy();
          callback(error ?? new Error("The connection stood too late."), null);
          return;
        }
        if (error === null) startedAt ??= performance.now();
        callback(...result);
      }),
  });
  try {
    const response = await client.request({
      method,
      path: url.pathname + url.search,
      headers: {
        accept: "application/json",
        ...(authorization ? { authorization } : {}),
        ...(payload ? { "content-type": "application/json" } : {}),
      },
      body: payload ? JSON.stringify(payload) : null,
      signal: AbortSignal.timeout(timeoutMs),
    });
    let text = "";
    response.body.setEncoding("utf8");
    for await (const chunk of response.body) {
      text += chunk;
      if (text.length > maxBytes) break;
    }
    return {
      kind: "reply",
      status: response.statusCode,
      headers: response.headers,
      body: parseJson(text),
      text: storable(text.slice(0, 500)),
      startedAt: startedAt ?? performance.now(),
    };
  } catch (error) {
    return { kind: "no_reply", left: startedAt !== null, late, startedAt, cause: describe(error) };
  } finally {
    await client.destroy();
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? `${error.code}: ` : "";
  const inner = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0].message : "";
  return `${code}${error.message || inner || error.name}`;
}
