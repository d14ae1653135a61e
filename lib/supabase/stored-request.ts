import type { Json } from "../json.ts";

/** A row of webhook_requests as it is written: a received webhook without secrets. */
export type StoredRequest = {
  source: "cloudtalk" | "wasender" | "reconciled";
  method: string;
  path: string;
  url: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  body: Json;
  raw_body: string | null;
  ip_address: string | null;
  user_agent: string | null;
  event_type: string | null;
  /** The stored webhook that is parsed again: its row is updated, and no second one is written. */
  replay?: { id: number; outcome: string };
};
