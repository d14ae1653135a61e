// Webhooks as they come. Each number gives another call, another message, another customer.

export const SECRETS = { CLOUDTALK_WEBHOOK_SECRET: "cloudtalk-secret", WHATSAPP_WEBHOOK_SECRET: "wasender-secret" };

/** What makes one webhook different from the next: an id and a customer's number. */
export const idOf = (n: number) => `bench-${String(n).padStart(12, "0")}`;
export const digitsOf = (n: number) => String(393_330_000_000 + n);

/** CloudTalk's "Call ended" of an answered call. */
export const callEnded = (n: number) => ({
  call_uuid: idOf(n),
  external_number: Number(digitsOf(n)),
  internal_number: 390_200_000_001,
  direction: "outgoing",
  started_at: "2026-11-22 09:00:00",
  answered_at: "2026-11-22 09:00:08",
  ended_at: "2026-11-22 09:03:15",
  waiting_time: 8,
  talking_time: 187,
  is_voicemail: false,
  agent_id: 490_001,
  agent_first_name: "Samuela",
  agent_last_name: "Greengen",
  contact_id: null,
  contact_name: "Maria Rossi",
  recording_url: null,
});

/** Wasender's "messages.received" of a text. */
export const textReceived = (n: number) => ({
  event: "messages.received",
  timestamp: 1_795_338_000,
  sessionId: "session-of-the-bench",
  data: {
    messages: {
      key: {
        id: idOf(n),
        fromMe: false,
        remoteJid: `${digitsOf(n)}@s.whatsapp.net`,
        addressingMode: "pn",
        senderPn: `${digitsOf(n)}@s.whatsapp.net`,
        cleanedSenderPn: digitsOf(n),
      },
      pushName: "Maria",
      messageTimestamp: 1_795_337_999,
      broadcast: false,
      messageBody: "Buongiorno, le mando la bolletta stasera",
      message: { conversation: "Buongiorno, le mando la bolletta stasera" },
    },
  },
});

/** Wasender's "messages.upsert" of many short texts, as when WhatsApp replays its history. */
const history = (first: number, messages: number, customers: number) => ({
  event: "messages.upsert",
  timestamp: 1_795_338_000,
  data: {
    messages: Array.from({ length: messages }, (_, n) => ({
      key: { id: `bench-${first + n}`, remoteJid: `${digitsOf(first + (n % customers))}@s.whatsapp.net` },
      message: { conversation: "Ecco" },
    })),
  },
});

/** Posts the webhook of a call over HTTP; the status, or 0 if no answer came. */
export const postCall = (url: string, n: number): Promise<number> =>
  post(`${url}/webhook/cloudtalk`, { authorization: `Bearer ${SECRETS.CLOUDTALK_WEBHOOK_SECRET}` }, callEnded(n));

/** Posts one webhook with so many messages of so many customers, from a number on; the status, or 0 if no answer came. */
export const postHistory = (url: string, first: number, messages: number, customers: number): Promise<number> =>
  post(
    `${url}/api/whatsapp-webhook`,
    { "x-webhook-signature": SECRETS.WHATSAPP_WEBHOOK_SECRET },
    history(first, messages, customers),
  );

async function post(url: string, secret: Record<string, string>, body: unknown): Promise<number> {
  try {
    const headers = { "content-type": "application/json", ...secret };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    await response.text();
    return response.status;
  } catch {
    return 0;
  }
}
