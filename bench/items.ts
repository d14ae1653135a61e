import type { Item } from "./entry.ts";

/** The items by name, in the order in which they run. Each is loaded only if it is asked for. */
export const ITEMS: Record<string, () => Promise<Item>> = {
  ack: async () => (await import("./items/ack.ts")).ack,
  reply: async () => (await import("./items/reply.ts")).reply,
  webhook: async () => (await import("./items/webhook.ts")).webhook,
  cold: async () => (await import("./items/cold.ts")).cold,
  size: async () => (await import("./items/size.ts")).size,
  feed: async () => (await import("./items/feed.ts")).feed,
  sender: async () => (await import("./items/sender.ts")).sender,
  claim: async () => (await import("./items/claim.ts")).claim,
  page: async () => (await import("./items/page.ts")).page,
  bills: async () => (await import("./items/bills.ts")).bills,
  answers: async () => (await import("./items/answers.ts")).answers,
  flood: async () => (await import("./items/flood.ts")).flood,
};
