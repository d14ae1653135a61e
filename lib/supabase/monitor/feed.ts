import { z } from "zod/v3";
import { ERROR_CODES } from "../../error-code.ts";

// What the monitor's functions return. Times are ISO 8601 with an offset.

export const FeedMessage = z.object({
  id: z.number(),
  conversation_id: z.number().nullable(),
  direction: z.enum(["incoming", "outgoing"]),
  kind: z.enum(["incoming", "ask", "reply", "manual"]),
  phone_number: z.string().nullable(),
  contact_name: z.string().nullable(),
  type: z.string(),
  text: z.string().nullable(),
  status: z.string(),
  error_code: z.enum(ERROR_CODES).nullable(),
  /** The provider's own words. */
  error: z.string().nullable(),
  /** Which of the staff wrote a reply. */
  author: z.string().nullable(),
  media: z
    .object({
      state: z.enum(["pending", "stored", "failed"]).nullable(),
      file_name: z.string().nullable(),
      mime_type: z.string().nullable(),
      size: z.number().nullable(),
      pages: z.number().nullable(),
      error: z.string().nullable(),
    })
    .nullable(),
  message_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  call_id: z.number().nullable(),
});

export const FeedConversation = z.object({
  id: z.number(),
  /** Null while WhatsApp has not told the number behind a LID. */
  phone_number: z.string().nullable(),
  name: z.string().nullable(),
  state: z.enum(["none", "waiting", "answered", "bill", "error", "check"]),
  last: z
    .object({ direction: z.string(), type: z.string(), text: z.string().nullable(), status: z.string() })
    .nullable(),
  last_at: z.string(),
  unread: z.number(),
  bill_at: z.string().nullable(),
  bill_by: z.string().nullable(),
  /** It turned out to be this other conversation. */
  merged_into: z.number().nullable(),
});

export const Counts = z.object({
  all: z.number(),
  waiting: z.number(),
  answered: z.number(),
  bill: z.number(),
  error: z.number(),
  check: z.number(),
  unread: z.number(),
});

export const MonitorState = z.object({
  /** What there is to do now. */
  work: z.object({ outbox: z.boolean(), media: z.boolean(), history: z.boolean() }),
  /** Wasender's message log: whether it may be read now, when it was last, and why that failed. */
  log: z.object({ due: z.boolean(), ok_at: z.string().nullable(), error: z.string().nullable() }),
  sender: z.object({
    queued: z.number(),
    next_send_at: z.string().nullable(),
    paused: z
      .object({
        reason: z.enum(["configuration", "session", "staff"]),
        code: z.enum(["session_down", "key_refused", "subscription", "wrong_address", "staff"]).nullable(),
        message: z.string().nullable(),
        since: z.string(),
      })
      .nullable(),
    session: z.string().nullable(),
  }),
});
