import { buildConnector, Client } from "undici";
import type { WasenderConfig, WasenderLogConfig } from "../config.ts";

/** An answer of Wasender, whatever its status; the body as JSON where it is, else null with the first of its text. */
export type Reply = {
  kind: "reply";
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
  text: string;
};

/** No answer. `left` tells whether anything may have reached Wasender: false only where no connection came about. */
export type NoReply = { kind: "no_reply"; left: boolean; cause: string };

const CONNECT_TIMEOUT_MS = 8_000;
/** From the start of the request to the end of the answer. */
export const REQUEST_TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Asks Wasender to send a text. `to` is E.164 with `+`: spaces or dashes in it are refused (facts-wasender). */
export function sendMessage(
  config: WasenderConfig,
  to: string,
  text: string,
  timeoutMs = REQUEST_TIMEOUT_MS,
): Promise<Reply | NoReply> {
  return ask(config, "POST", "/send-message", { to, text }, timeoutMs);
}

/** The WhatsApp session's state: `{ status: "connected" }` and the like. */
export function getStatus(config: WasenderConfig): Promise<Reply | NoReply> {
  return ask(config, "GET", "/status");
}

/** Which WhatsApp id (`data.key.id`) and state a `msgId` stands for. */
export function getMessageInfo(config: WasenderConfig, msgId: string): Promise<Reply | NoReply> {
  return ask(config, "GET", `/messages/${encodeURIComponent(msgId)}/info`);
}

/** The number behind a LID: `data.pn`, a phone JID. */
export function getPhoneOfLid(config: WasenderConfig, lid: string): Promise<Reply | NoReply> {
  return ask(config, "GET", `/pn-from-lid/${encodeURIComponent(lid)}`);
}

/** The newest messages that were sent through the API; needs the personal token, not the session's key. */
export function getMessageLog(config: WasenderConfig, log: WasenderLogConfig): Promise<Reply | NoReply> {
  const path = `/whatsapp-sessions/${encodeURIComponent(log.sessionId)}/message-logs?page=1&per_page=100`;
  return ask({ ...config, token: log.personalToken }, "GET", path);
}

/**
 * One request on a connection of its own. A kept connection may have been closed by the other side unseen, and then a
 * reset says nothing about whether the request arrived; on a fresh one, an error before it stands means that nothing left.
 */
async function ask(
  config: WasenderConfig,
  method: "GET" | "POST",
  path: string,
  payload?: object,
  timeoutMs = REQUEST_TIMEOUT_MS,
): Promise<Reply | NoReply> {
  const url = new URL(`${config.baseUrl}${path}`);
  let connected = false;
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS });
  const client = new Client(url.origin, {
    connect: (options, callback) =>
      connect(options, (...result) => {
        connected ||= result[0] === null;
        callback(...result);
      }),
  });
  try {
    const response = await client.request({
      method,
      path: url.pathname + url.search,
      headers: {
        authorization: `Bearer ${config.token}`,
        accept: "application/json",
        ...(payload ? { "content-type": "application/json" } : {}),
      },
      body: payload ? JSON.stringify(payload) : null,
      signal: AbortSignal.timeout(timeoutMs),
    });
    let text = "";
    response.body.setEncoding("utf8");
    for await (const chunk of response.body) {
      text += chunk;
      if (text.length > MAX_ANSWER_BYTES) break;
    }
    return {
      kind: "reply",
      status: response.statusCode,
      headers: response.headers,
      body: parseJson(text),
      text: text.slice(0, 500),
    };
  } catch (error) {
    return { kind: "no_reply", left: connected, cause: describe(error) };
  } finally {
    await client.destroy();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? `${error.code}: ` : "";
  const inner = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0].message : "";
  return `${code}${error.message || inner || error.name}`;
}
