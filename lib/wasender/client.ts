import type { WasenderConfig, WasenderLogConfig } from "../config.ts";
import { type Ask, exchange, type NoReply, type Reply } from "../exchange.ts";

/**
 * Asks Wasender to send a text, unless the connection does not stand by `connectBy` (performance.now()). `to` is E.164
 * with `+`: spaces or dashes in it are refused (facts-wasender).
 */
export function sendMessage(
  config: WasenderConfig,
  to: string,
  text: string,
  timing: Pick<Ask, "connectBy" | "timeoutMs"> = {},
): Promise<Reply | NoReply> {
  return ask(config, "POST", "/send-message", { payload: { to, text }, ...timing });
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

function ask(
  { baseUrl, token }: WasenderConfig,
  method: "GET" | "POST",
  path: string,
  more: Pick<Ask, "payload" | "connectBy" | "timeoutMs"> = {},
): Promise<Reply | NoReply> {
  return exchange({ method, url: `${baseUrl}${path}`, authorization: `Bearer ${token}`, ...more });
}
