import { readFile } from "node:fs/promises";
import { createApi, type Send } from "./api.ts";
import type { Fault } from "./fault.ts";
import { createLimiter } from "./limiter.ts";
import { listen } from "./listen.ts";
import { encryptMedia } from "./media.ts";
import { type Addressing, echo, type Media, messageSent, received, sessionStatus, statusUpdate } from "./payloads.ts";
import { newMessageId, newPhone, type Phone, type PhoneMessage } from "./phone.ts";
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

const FILES = new URL("../files/", import.meta.url);
const photo = { type: "image", mimetype: "image/jpeg", file: "bolletta.jpg", folder: "t62.7118-24" } as const;
const pdf = {
  type: "document",
  mimetype: "application/pdf",
  file: "bolletta.pdf",
  folder: "t62.7119-24",
  pageCount: 2,
} as const;

/** Starts a server on loopback that answers and calls back as Wasender does (Wasender's documentation). */
export async function createWasenderSandbox(options: SandboxOptions): Promise<WasenderSandbox> {
  const { webhookUrl, webhookSecret = null, apiKey, webhookDelayMs = 0 } = options;
  const webhooks = createWebhooks(webhookUrl, webhookSecret, apiKey, webhookDelayMs);
  const phones = new Map<string, Phone>();
  const sends: Send[] = [];
  const files = new Map<string, Buffer>();
  let session = "connected";

  const phoneOf = (number: string): Phone => {
    const phone = phones.get(number) ?? newPhone(number);
    phones.set(number, phone);
    return phone;
  };
  const advance = (phone: Phone, message: PhoneMessage, status: "delivered" | "read") => () => {
    if (message.status === "read" || (status === "read" && !phone.open)) return null;
    message.status = status;
    return statusUpdate(phone, message, status === "read" ? 4 : 3, Date.now());
  };
  const receive = (number: string, message: PhoneMessage) => {
    const phone = phoneOf(number);
    phone.messages.push(message);
    void webhooks.post(
      () => {
        message.status = "sent";
        return messageSent(phone, message);
      },
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
      limit: createLimiter(options.minIntervalMs ?? 60_000, options.dailyLimit ?? 50, Date.now),
      onWhatsapp: options.onWhatsapp ?? ((number) => !number.startsWith("+390")),
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
      const attachment = reply.type === "photo" ? photo : reply.type === "pdf" ? pdf : null;
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
      if (attachment) {
        const { type, file, folder, ...described } = attachment;
        const directPath = `/v/${folder}/${message.id}.enc`;
        const encrypted = encryptMedia(await readFile(new URL(file, FILES)), type);
        files.set(directPath, encrypted.encrypted);
        media = { ...described, ...encrypted, directPath, url: `https://mmg.whatsapp.net${directPath}?mms3=true` };
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
