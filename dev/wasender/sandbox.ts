import { createApi, type Send } from "./api.ts";
import { ATTACHMENTS, attach } from "./attachment.ts";
import type { Fault } from "./fault.ts";
import { createLimiter } from "./limiter.ts";
import { listen } from "./listen.ts";
import { createNumberCheck, type NumberCheck } from "./number-check.ts";
import {
  type Addressing,
  echo,
  type Media,
  messageSent,
  received,
  restrictedUpdate,
  sessionStatus,
  statusUpdate,
} from "./payloads.ts";
import { newMessageId, newPhone, type Phone, type PhoneMessage } from "./phone.ts";
import { NO_TROUBLES, nextFate, type Troubles } from "./troubles.ts";
import { createWebhooks, type Delivery } from "./webhooks.ts";

export type SandboxOptions = {
  /** The session's API key: what WHATSAPP_API_TOKEN holds. */
  apiKey: string;
  /** The address to which webhooks are posted. */
  webhookUrl: string;
  /** What WHATSAPP_WEBHOOK_SECRET holds; without it the signature is left out. */
  webhookSecret?: string | null;
  /** What the account's own API calls need (message logs). */
  personalToken?: string;
  /** The trial's limits by default: one message every 60 seconds, 50 a day. */
  minIntervalMs?: number;
  dailyLimit?: number;
  /** How long each webhook waits for its turn, in milliseconds. */
  webhookDelayMs?: number;
  /** The msgId of the first send. */
  firstMsgId?: number;
  /** How often it may be asked whether a number has WhatsApp: half as often as it sends, unless said otherwise. */
  checkIntervalMs?: number;
  /** Whether a number has WhatsApp. By default every one that is not an Italian landline. */
  onWhatsapp?: (number: string) => boolean;
  /** What goes wrong with a send whose key was right, by its index from 0. */
  fault?: (send: Readonly<Send>, index: number) => Fault | null;
};

/** What a customer answers with. A photo and a PDF are those of dev/files. */
type Reply = { type: "text"; text: string } | { type: "photo" | "pdf"; text?: string };

export type WasenderSandbox = {
  /** What WHATSAPP_API_URL holds. */
  url: string;
  /** Every request to send, in the order of arrival, taken or not. */
  sends: readonly Send[];
  /** The customers' phones by number. */
  phones: ReadonlyMap<string, Phone>;
  deliveries: readonly Delivery[];
  /** Every question whether a number has WhatsApp, answered or not. */
  checks: readonly NumberCheck[];
  troubles: () => Troubles;
  setTroubles: (troubles: Troubles) => void;
  session: () => string;
  setSession: (status: string) => void;
  /** Opens or closes the chat on a customer's screen; what is there is read. */
  setOpen: (number: string, open: boolean) => void;
  /** A customer writes. Resolves when the webhooks were answered. */
  reply: (number: string, reply: Reply, options?: { name?: string; by?: Addressing }) => Promise<PhoneMessage>;
  /**
   * The address at which this sandbox serves messages' encrypted files, under the same paths as
   * https://mmg.whatsapp.net/….
   */
  cdn: string;
  /** Resolves when no webhook is under way. */
  idle: () => Promise<void>;
  close: () => Promise<void>;
};

/** Starts a server on loopback that answers and calls back as Wasender does (Wasender's documentation). */
export async function createWasenderSandbox(options: SandboxOptions): Promise<WasenderSandbox> {
  const { webhookUrl, webhookSecret = null, apiKey, webhookDelayMs = 0 } = options;
  const webhooks = createWebhooks(webhookUrl, webhookSecret, apiKey, webhookDelayMs);
  const phones = new Map<string, Phone>();
  const sends: Send[] = [];
  const files = new Map<string, Buffer>();
  let session = "connected";
  let troubles = NO_TROUBLES;
  const hasWhatsapp = options.onWhatsapp ?? ((number) => !number.startsWith("+390"));
  const onWhatsapp = (number: string) => !troubles.absent.includes(number) && hasWhatsapp(number);
  const { minIntervalMs = 60_000, checkIntervalMs = 2 * minIntervalMs } = options;
  const { checks, check } = createNumberCheck(checkIntervalMs, onWhatsapp, Date.now);

  const phoneOf = (number: string): Phone => {
    const phone = phones.get(number) ?? newPhone(number);
    phones.set(number, phone);
    return phone;
  };
  const advance = (phone: Phone, message: PhoneMessage, status: "delivered" | "read") => () => {
    if (message.status === "read" || message.status === "failed" || (status === "read" && !phone.open)) return null;
    message.status = status;
    return statusUpdate(phone, message, status === "read" ? 4 : 3, Date.now());
  };
  const receive = (number: string, message: PhoneMessage) => {
    const phone = phoneOf(number);
    phone.messages.push(message);
    const { fate, left } = nextFate(troubles);
    troubles = left;
    const sent = () => {
      message.status = "sent";
      return messageSent(phone, message);
    };
    const refused = () => {
      message.status = "failed";
      return restrictedUpdate(phone, message, Date.now());
    };
    if (fate === "restricted") return void webhooks.post(sent, refused);
    if (fate === "undelivered") return void webhooks.post(sent, () => echo(phone, message));
    void webhooks.post(
      sent,
      () => echo(phone, message),
      advance(phone, message, "delivered"),
      advance(phone, message, "read"),
    );
  };

  const server = await listen(
    createApi({
      apiKey,
      personalToken: options.personalToken ?? "personal-token-of-the-sandbox",
      firstMsgId: options.firstMsgId ?? 100_000,
      limit: createLimiter(minIntervalMs, options.dailyLimit ?? 50, Date.now),
      checkNumber: check,
      onWhatsapp,
      fault: options.fault ?? (() => null),
      session: () => session,
      sends,
      phones,
      files,
      receive,
    }),
  );

  return {
    url: `${server.url}/api`,
    sends,
    phones,
    deliveries: webhooks.deliveries,
    checks,
    troubles: () => troubles,
    setTroubles: (change) => {
      troubles = change;
    },
    session: () => session,
    setSession: (status) => {
      session = status;
      void webhooks.post(() => sessionStatus(status));
    },
    setOpen: (number, open) => {
      const phone = phoneOf(number);
      phone.open = open;
      const unread = phone.messages.filter(({ from, status }) => from === "company" && status === "delivered");
      if (open && unread.length > 0) void webhooks.post(...unread.map((message) => advance(phone, message, "read")));
    },
    reply: async (number, reply, { name, by = "pn" } = {}) => {
      const phone = phoneOf(number);
      if (name) phone.name = name;
      const kind = reply.type === "text" ? null : reply.type;
      const attachment = kind && ATTACHMENTS[kind];
      const message: PhoneMessage = {
        id: newMessageId(),
        msgId: null,
        from: "customer",
        type: attachment?.type ?? "text",
        text: reply.text ?? "",
        fileName: attachment?.file ?? null,
        at: Date.now(),
        status: "sent",
      };
      let media: Media | null = null;
      if (kind) {
        const attached = await attach(kind, message.id);
        files.set(attached.media.directPath, attached.encrypted);
        media = attached.media;
      }
      phone.messages.push(message);
      await webhooks.post(
        () => received("messages.received", phone, message, media, by),
        () => received("messages.upsert", phone, message, media, by),
      );
      return message;
    },
    cdn: `${server.url}/cdn`,
    idle: webhooks.idle,
    close: async () => {
      webhooks.close();
      await server.close();
    },
  };
}
