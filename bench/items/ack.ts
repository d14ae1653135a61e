import { POST } from "../../api/webhook/cloudtalk.ts";
import type { Item } from "../entry.ts";
import { webhookLatency } from "../webhook-latency.ts";
import { callEnded, SECRETS } from "../webhooks.ts";
import { jsonRequest } from "../world.ts";

const headers = { authorization: `Bearer ${SECRETS.CLOUDTALK_WEBHOOK_SECRET}` };

/** How much does the handler of a CloudTalk webhook add to its one request of the database? */
export const ack: Item = (bench) =>
  webhookLatency(bench, "ack", POST, (n) => jsonRequest("/webhook/cloudtalk", callEnded(n), headers));
