import { z } from "zod/v3";
import { type Answer, invalidKey, notConnected, notFound, unknownJid, validationFailed } from "./answer.ts";
import type { Fault } from "./fault.ts";
import type { Verdict } from "./limiter.ts";
import type { ApiReply, ApiRequest } from "./listen.ts";
import { findSent, messageInfo, messageLogs, pnFromLid } from "./lookups.ts";
import { newMessageId, type Phone, type PhoneMessage } from "./phone.ts";

/** A request to send, as it arrived. */
export type Send = {
  index: number;
  /** Unix time in milliseconds, with a fraction; never goes back. */
  at: number;
  to: string;
  text: string;
  fault: Fault | null;
  /** Whether the message went to the phone, whatever was answered. */
  accepted: boolean;
  /** What was answered; null if the connection was reset or nothing was answered. */
  status: number | null;
  msgId: number | null;
};

export type Api = {
  apiKey: string;
  personalToken: string;
  firstMsgId: number;
  limit: () => Verdict;
  checkNumber: (digits: string) => Answer;
  onWhatsapp: (number: string) => boolean;
  fault: (send: Readonly<Send>, index: number) => Fault | null;
  session: () => string;
  sends: Send[];
  phones: ReadonlyMap<string, Phone>;
  /** Encrypted files by their path on WhatsApp's CDN. */
  files: ReadonlyMap<string, Buffer>;
  receive: (number: string, message: PhoneMessage) => void;
};

/** The number of the session. */
const COMPANY_NUMBER = "393330000000";

const Body = z.object({ to: z.string().min(1), text: z.string().min(1) });

/** Wasender's API, as far as this program may use it, and a stand-in for WhatsApp's CDN under /cdn. */
export function createApi(api: Api): (request: ApiRequest) => ApiReply {
  let nextMsgId = api.firstMsgId;

  const send = ({ body, token }: ApiRequest): ApiReply => {
    if (token !== api.apiKey) return invalidKey;
    const parsed = Body.safeParse(body);
    const { to, text } = parsed.success ? parsed.data : { to: "", text: "" };
    const at = performance.timeOrigin + performance.now();
    const record: Send = {
      index: api.sends.length,
      at,
      to,
      text,
      fault: null,
      accepted: false,
      status: null,
      msgId: null,
    };
    api.sends.push(record);
    record.fault = api.fault(record, record.index);
    const reply = record.fault && !record.fault.accepted ? faulty(record.fault) : take(record, parsed.success);
    record.status = typeof reply === "object" && "status" in reply ? reply.status : null;
    return reply;
  };

  // The limit comes before the checks, so that a message that is refused for good takes its slot too.
  const take = (record: Send, valid: boolean): ApiReply => {
    const { refusal, headers } = api.limit();
    if (refusal) return refusal;
    if (!valid) return { ...validationFailed({ to: ["The to and text fields are required."] }), headers };
    if (api.session() !== "connected") return { ...notConnected, headers };
    if (!/^\+\d{6,15}$/.test(record.to) || !api.onWhatsapp(record.to)) return { ...unknownJid, headers };
    const msgId = nextMsgId++;
    record.accepted = true;
    record.msgId = msgId;
    api.receive(record.to, {
      id: newMessageId(),
      msgId,
      from: "company",
      type: "text",
      text: record.text,
      fileName: null,
      at: Date.now(),
      status: "in_progress",
    });
    if (record.fault) return faulty(record.fault);
    return { status: 200, headers, body: { success: true, data: { msgId, jid: record.to, status: "in_progress" } } };
  };

  return (request) => {
    const { method, path, token } = request;
    const route = `${method} ${path}`;
    const file = path.startsWith("/cdn/") ? api.files.get(path.slice("/cdn".length)) : undefined;
    if (file) return file;
    if (route === "POST /api/send-message") return send(request);
    if (/^GET \/api\/whatsapp-sessions\/[^/]+\/message-logs$/.test(route)) {
      return token === api.personalToken ? messageLogs(api.phones, request.query) : invalidKey;
    }
    if (/^GET \/api\/whatsapp-sessions\/[^/]+$/.test(route)) {
      if (token !== api.personalToken) return invalidKey;
      return { status: 200, body: { success: true, data: { phone_number: COMPANY_NUMBER, status: api.session() } } };
    }
    if (token !== api.apiKey) return invalidKey;
    if (route === "GET /api/status") return { status: 200, body: { status: api.session() } };
    const [, msgId] = /^GET \/api\/messages\/(\d+)\/info$/.exec(route) ?? [];
    if (msgId) return messageInfo(findSent(api.phones, Number(msgId)));
    const [, digits] = /^GET \/api\/on-whatsapp\/(\d+)$/.exec(route) ?? [];
    if (digits) return api.session() === "connected" ? api.checkNumber(digits) : notConnected;
    const [, lid] = /^GET \/api\/pn-from-lid\/([^/]+)$/.exec(route) ?? [];
    if (lid) return pnFromLid(api.phones, decodeURIComponent(lid));
    return notFound;
  };
}

function faulty(fault: Fault): ApiReply {
  return fault.kind === "answer" ? fault.answer : fault.kind;
}
