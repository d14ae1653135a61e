import { POST } from "../../api/whatsapp-webhook.ts";
import type { Item } from "../entry.ts";
import { webhookLatency } from "../webhook-latency.ts";
import { SECRETS, textReceived } from "../webhooks.ts";
import { jsonRequest } from "../world.ts";

const headers = { "x-webhook-signature": SECRETS.WHATSAPP_WEBHOOK_SECRET };

/** How much does the handler of a Wasender webhook add to its one request of the database? */
export const reply: Item = (bench) =>
  webhookLatency(bench, "reply", POST, (n) => jsonRequest("/api/whatsapp-webhook", textReceived(n), headers));
