import type { WasenderConfig, WasenderLogConfig } from "../config.ts";
import { exchange, type HttpReply, type HttpRequest, type NoHttpReply } from "../exchange.ts";

/**
 * Asks Wasender to send a text, unless the connection does not stand by `connectBy` (performance.now()). `to` is E.164
 * with `+`: spaces or dashes in it are refused (Wasender's documentation).
 */
export function sendMessage(
  config: WasenderConfig,
  to: string,
  text: string,
  timing: Pick<HttpRequest, "connectBy" | "timeoutMs"> = {},
): Promise<HttpReply | NoHttpReply> {
  return request(config, "POST", "/send-message", { payload: { to, text }, ...timing });
}

/** Whether a number is on WhatsApp: `data.exists`. It has a limit of its own, stricter than sending's. */
export function getOnWhatsapp(config: WasenderConfig, number: string, timeoutMs: number) {
  return request(config, "GET", `/on-whatsapp/${number.replace(/\D/g, "")}`, { timeoutMs });
}

/** The WhatsApp session's state: `{ status: "connected" }` and the like. */
export function getStatus(config: WasenderConfig): Promise<HttpReply | NoHttpReply> {
  return request(config, "GET", "/status");
}

/** Which WhatsApp id (`data.key.id`) and state a `msgId` stands for. */
export function getMessageInfo(config: WasenderConfig, msgId: string): Promise<HttpReply | NoHttpReply> {
  return request(config, "GET", `/messages/${encodeURIComponent(msgId)}/info`);
}

/** The number behind a LID: `data.pn`, a phone JID. */
export function getPhoneOfLid(config: WasenderConfig, lid: string): Promise<HttpReply | NoHttpReply> {
  return request(config, "GET", `/pn-from-lid/${encodeURIComponent(lid)}`);
}

/** The newest messages that were sent through the API; needs the personal token, not the session's key. */
export function getMessageLog(config: WasenderConfig, log: WasenderLogConfig): Promise<HttpReply | NoHttpReply> {
  const path = `/whatsapp-sessions/${encodeURIComponent(log.sessionId)}/message-logs?page=1&per_page=100`;
  return request({ ...config, token: log.personalToken }, "GET", path);
}

/** The session: `data.phone_number` is ours. Needs the personal token. */
export function getSession(config: WasenderConfig, log: WasenderLogConfig): Promise<HttpReply | NoHttpReply> {
  const path = `/whatsapp-sessions/${encodeURIComponent(log.sessionId)}`;
  return request({ ...config, token: log.personalToken }, "GET", path);
}

function request(
  { baseUrl, token }: WasenderConfig,
  method: "GET" | "POST",
  path: string,
  more: Pick<HttpRequest, "payload" | "connectBy" | "timeoutMs"> = {},
): Promise<HttpReply | NoHttpReply> {
  return exchange({ method, url: `${baseUrl}${path}`, authorization: `Bearer ${token}`, ...more });
}
