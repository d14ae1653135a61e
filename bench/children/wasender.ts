// A Wasender without limits of its own: node wasender.ts <API key> <URL for webhooks>
import { createWasenderSandbox } from "../../dev/wasender/sandbox.ts";
import { ready } from "./ready.ts";

const [, , apiKey = "", webhookUrl = ""] = process.argv;
const { url, sends, close } = await createWasenderSandbox({
  apiKey,
  webhookUrl,
  webhookSecret: process.env.WHATSAPP_WEBHOOK_SECRET ?? null,
  minIntervalMs: 0,
  dailyLimit: Number.MAX_SAFE_INTEGER,
});
process.on("message", () => process.send?.(sends.map(({ at, to, accepted }) => ({ at, to, accepted }))));
ready({ url }, close);
