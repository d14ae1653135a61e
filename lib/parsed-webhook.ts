/** What a parser makes of a webhook's body; `why` is for the sender and for webhook_requests. */
export type ParsedWebhook<Value> =
  | { kind: "usable"; eventType: string | null; value: Value }
  | { kind: "ignored" | "unrecognised"; eventType: string | null; why: string };
