import { z } from "zod/v3";
import { ERROR_CODES, HOLD_REASONS, LOG_CODES, PAUSE_CODES } from "../../error-code.ts";
import { StoredBill } from "../bills/stored-bill.ts";
import { CaseSummary } from "../cases/case.ts";
import { StoredLabel } from "../followup/stored-label.ts";
import { Todo, TodoCounts } from "../followup/todo.ts";

// What the monitor's functions return, and so what its page is given. Times are ISO 8601 with an offset.

/**
 * A code of a closed list. One that this app does not know is null, and not an error: a migration may bring a new one
 * before the app that knows it is deployed.
 */
export const code = <const Codes extends readonly [string, ...string[]]>(codes: Codes) =>
  z.enum(codes).nullable().catch(null);

const Direction = z.enum(["incoming", "outgoing"]);
const MessageType = z.enum([
  "text",
  "image",
  "document",
  "video",
  "audio",
  "sticker",
  "location",
  "contact",
  "poll",
  "other",
]);
const MessageStatus = z.enum([
  "received",
  "queued",
  "sending",
  "sent",
  "delivered",
  "read",
  "failed",
  "unknown",
  "cancelled",
]);

export const FeedMessage = z.object({
  id: z.number(),
  conversation_id: z.number(),
  direction: Direction,
  kind: z.enum(["incoming", "ask", "reminder", "reply", "confirmation", "manual"]),
  phone_number: z.string().nullable(),
  contact_name: z.string().nullable(),
  type: MessageType,
  text: z.string().nullable(),
  status: MessageStatus,
  error_code: code(ERROR_CODES),
  /** The provider's own words. */
  error: z.string().nullable(),
  /** Which of the staff wrote a reply. */
  author: z.string().nullable(),
  /** Why a queued message waits, as of now, and until when; null if a person must act. */
  hold: z.object({ reason: code(HOLD_REASONS), until: z.string().nullable() }).nullable(),
  media: z
    .object({
      state: z.enum(["pending", "stored", "failed"]).nullable(),
      file_name: z.string().nullable(),
      mime_type: z.string().nullable(),
      size: z.number().nullable(),
      pages: z.number().nullable(),
      /** A code of lib/media/media-error.ts, `gave_up` or `deleted`. */
      error: z.string().nullable(),
    })
    .nullable(),
  /** What its file is and says, if it is a bill file that was stored. */
  bill: StoredBill.nullable(),
  /** What an incoming message means for the follow-up. */
  label: StoredLabel.nullable().catch(null),
  message_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  call_id: z.number().nullable(),
});
export type FeedMessage = z.infer<typeof FeedMessage>;

export const FeedConversation = z.object({
  id: z.number(),
  /** Null while the number behind a LID is not known. */
  phone_number: z.string().nullable(),
  name: z.string().nullable(),
  state: z.enum(["none", "waiting", "answered", "bill", "error", "check"]),
  last: z
    .object({ direction: Direction, type: MessageType, text: z.string().nullable(), status: MessageStatus })
    .nullable(),
  last_at: z.string(),
  unread: z.number(),
  case: CaseSummary,
  bill_at: z.string().nullable(),
  bill_by: z.string().nullable(),
  /** It turned out to be this other conversation. */
  merged_into: z.number().nullable(),
  /** Since when the program must not write to the customer; by "customer", or who of the staff, and the staff's reason. */
  objection: z.object({ at: z.string(), by: z.string(), reason: z.string().nullable() }).nullable(),
  /** Staff are to decide whether the customer objects, or does no more. */
  objection_asked: z.boolean(),
  /** What staff are to do about the customer, and why. */
  todo: z.array(Todo),
});
export type FeedConversation = z.infer<typeof FeedConversation>;

export const Counts = z.object({
  all: z.number(),
  waiting: z.number(),
  answered: z.number(),
  bill: z.number(),
  error: z.number(),
  check: z.number(),
  /** Who objects, or is to be decided about. */
  objection: z.number(),
  /** Cases that are complete or declared so. */
  complete: z.number(),
  unread: z.number(),
});
export type Counts = z.infer<typeof Counts>;

export const MonitorState = z.object({
  /** What there is to do now. */
  work: z.object({ outbox: z.boolean(), media: z.boolean(), history: z.boolean() }),
  /** Wasender's message log: whether it may be read now, when it was last, and why that failed. */
  log: z.object({ due: z.boolean(), ok_at: z.string().nullable(), error: code(LOG_CODES) }),
  /** How many customers are on each worklist. */
  todo: TodoCounts,
  sender: z.object({
    queued: z.number(),
    next_send_at: z.string().nullable(),
    paused: z
      .object({
        reason: z.enum(["configuration", "session", "staff", "restricted"]),
        code: code(PAUSE_CODES),
        /** Who of the staff paused it, else the provider's own words. */
        message: z.string().nullable(),
        since: z.string(),
        /** Of a restriction: when first contacts go again, one at first; null if one may now. */
        until: z.string().nullable(),
      })
      .nullable(),
    /** The sending hours; next_at is when they begin again. */
    hours: z.object({ open: z.boolean(), next_at: z.string().nullable() }),
    /** Of seven days: first contacts, and how many of them were answered. And what was not delivered for 48 hours. */
    lights: z.object({ first_contacts: z.number(), answered: z.number(), undelivered: z.number() }),
    /** Wasender's own word for the state of its session. */
    session: z.string().nullable(),
  }),
});
export type MonitorState = z.infer<typeof MonitorState>;
