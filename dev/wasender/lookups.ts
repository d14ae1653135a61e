import { type Answer, notFound } from "./answer.ts";
import type { Phone, PhoneMessage } from "./phone.ts";

type Phones = ReadonlyMap<string, Phone>;
type Sent = { phone: Phone; message: PhoneMessage };

/** The message that went out under a msgId. */
export function findSent(phones: Phones, msgId: number): Sent | null {
  return allSent(phones).find(({ message }) => message.msgId === msgId) ?? null;
}

/** GET /api/messages/{msgId}/info */
export function messageInfo(sent: Sent | null): Answer {
  if (!sent) return notFound;
  const { phone, message } = sent;
  const data = {
    msgId: message.msgId,
    id: message.id,
    key: { id: message.id, fromMe: true, remoteJid: `${phone.number.slice(1)}@s.whatsapp.net` },
    message: { conversation: message.text },
    messageTimestamp: Math.floor(message.at / 1000),
    status: { failed: 0, in_progress: 1, sent: 2, delivered: 3, read: 4 }[message.status],
  };
  return { status: 200, body: { success: true, data } };
}

/** GET /api/whatsapp-sessions/{id}/message-logs: a Laravel page, the newest first. */
export function messageLogs(phones: Phones, query: URLSearchParams): Answer {
  const perPage = Math.min(100, Math.max(1, Number(query.get("per_page")) || 15));
  const page = Math.max(1, Number(query.get("page")) || 1);
  const all = allSent(phones).sort((a, b) => (b.message.msgId ?? 0) - (a.message.msgId ?? 0));
  const data = all.slice((page - 1) * perPage, page * perPage).map(({ phone, message }) => ({
    id: message.msgId,
    to: phone.number,
    content: JSON.stringify({ text: message.text }),
    status: message.status === "in_progress" ? "in_progress" : "sent",
    failed_reason: null,
    created_at: new Date(message.at).toISOString().slice(0, 19).replace("T", " "),
  }));
  const lastPage = Math.max(1, Math.ceil(all.length / perPage));
  const body = { current_page: page, data, last_page: lastPage, per_page: perPage, total: all.length };
  return { status: 200, body: { success: true, data: body } };
}

/** GET /api/pn-from-lid/{lid} */
export function pnFromLid(phones: Phones, lid: string): Answer {
  const phone = [...phones.values()].find((candidate) => candidate.lid.split("@")[0] === lid.split("@")[0]);
  return phone
    ? { status: 200, body: { success: true, data: { pn: `${phone.number.slice(1)}@s.whatsapp.net` } } }
    : { status: 404, body: { success: false, error: "LID not found or invalid." } };
}

function allSent(phones: Phones): Sent[] {
  return [...phones.values()].flatMap((phone) =>
    phone.messages.filter(({ from }) => from === "company").map((message) => ({ phone, message })),
  );
}
