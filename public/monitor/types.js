// What the server tells, as docs for the type checker; nothing here runs.

/**
 * @typedef {"none" | "waiting" | "answered" | "bill" | "error" | "check"} ConversationState
 * @typedef {"all" | Exclude<ConversationState, "none">} FilterState
 * @typedef {"received" | "queued" | "sending" | "sent" | "delivered" | "read" | "failed" | "unknown" | "cancelled"} MessageStatus
 * @typedef {"text" | "image" | "document" | "video" | "audio" | "sticker" | "location" | "contact" | "poll" | "other"} MessageType
 * @typedef {"retry" | "resend" | "give_up" | "cancel"} MessageAction
 */

/**
 * @typedef {object} Conversation
 * @property {number} id
 * @property {string | null} phone_number null until WhatsApp has told it
 * @property {string | null} name
 * @property {ConversationState} state
 * @property {{ direction: string, type: MessageType, text: string | null, status: MessageStatus } | null} last
 * @property {string | null} last_at
 * @property {number} unread
 * @property {string | null} bill_by who set it by hand
 * @property {string | null} bill_at
 * @property {number | null} merged_into
 */

/**
 * @typedef {object} Media
 * @property {"pending" | "stored" | "failed" | "deleted" | null} state
 * @property {string | null} file_name
 * @property {string | null} mime_type
 * @property {number | null} size bytes
 * @property {number | null} pages
 * @property {string | null} error
 */

/**
 * @typedef {object} Message
 * @property {number} id
 * @property {number} conversation_id
 * @property {"incoming" | "outgoing"} direction
 * @property {"incoming" | "ask" | "reply" | "manual"} kind
 * @property {string | null} phone_number
 * @property {string | null} contact_name
 * @property {MessageType} type
 * @property {string | null} text
 * @property {MessageStatus} status
 * @property {string | null} error
 * @property {string | null} author
 * @property {Media | null} media
 * @property {string | null} message_at
 * @property {string} created_at
 * @property {string | null} updated_at
 * @property {number | null} call_id
 */

/**
 * @typedef {object} Call
 * @property {number} id
 * @property {string} at
 * @property {string | null} direction
 * @property {number | null} duration seconds
 * @property {number | null} talking_time seconds
 * @property {string | null} agent_name
 * @property {string | null} status
 * @property {string | null} call_result
 * @property {boolean | null} should_send
 * @property {string | null} reason
 * @property {string | null} recording_url
 */

/**
 * @typedef {object} Action
 * @property {number} id
 * @property {string} at
 * @property {string} who
 * @property {string} action
 * @property {number | null} message_id
 */

/**
 * A photo or document of a customer's that is kept; `id` is its message's.
 * @typedef {{ id: number, type: "image" | "document", at: string, file_name: string | null, size: number | null, pages: number | null }} Bill
 */

/**
 * @typedef {object} Sender
 * @property {number} queued
 * @property {string | null} next_send_at
 * @property {number} interval_ms
 * @property {null | { reason: "configuration" | "session" | "staff", message: string | null, since: string }} paused
 * @property {string | null} session
 */

/**
 * @typedef {Record<FilterState | "unread", number>} Counts
 * @typedef {{ source: "wasender" | "database", source_error?: string | null, cursor: string, counts: Counts | null, sender: Sender, server_time: string }} Overview
 * @typedef {Overview & { conversations: Conversation[], next: string | null }} ListAnswer
 * @typedef {Overview & { conversations: Conversation[], messages: Message[], more: boolean }} FeedAnswer
 * @typedef {{ conversation: Conversation, messages: Message[], calls: Call[], actions: Action[], bills: Bill[], more: boolean }} ThreadAnswer
 */

/**
 * A reply that the server has not confirmed yet; its client_id stays the same however often it is tried.
 * @typedef {object} Pending
 * @property {string} client_id
 * @property {string} text
 * @property {string} at
 * @property {boolean} failed
 * @property {Set<number>} known the replies that were there before it
 */

/**
 * @typedef {object} Thread
 * @property {number} id
 * @property {Map<number, Message>} messages
 * @property {Call[]} calls
 * @property {Action[]} actions
 * @property {Bill[]} bills as the server listed them; newer ones are among the messages
 * @property {Pending[]} pending
 * @property {boolean} more whether there are older messages
 * @property {"loading" | "ready" | "error" | "missing"} status
 */

export {};
