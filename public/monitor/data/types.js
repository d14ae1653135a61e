// The types of the page, for the type checker; nothing here runs. What travels is typed by the server's own schemas.

/**
 * @import { MediaReason } from "../../../lib/media/media-error.ts"
 * @import { MonitorAnswer } from "../../../lib/monitor/monitor-answer.ts"
 * @import { Person } from "../../../lib/supabase/access/who-am-i.ts"
 * @import { FeedConversation, FeedMessage, Counts } from "../../../lib/supabase/monitor/feed.ts"
 * @import { ConversationPage } from "../../../lib/supabase/monitor/read-conversations.ts"
 * @import { Feed } from "../../../lib/supabase/monitor/read-feed.ts"
 * @import { Thread as ThreadAnswer } from "../../../lib/supabase/monitor/read-thread.ts"
 * @import { Todo } from "../../../lib/supabase/followup/todo.ts"
 * @import { MESSAGE_ACTIONS } from "../../../lib/supabase/monitor/act-on-message.ts"
 */

/**
 * @typedef {Person} User
 * @typedef {FeedConversation} Conversation
 * @typedef {Conversation["state"]} ConversationState
 * @typedef {FeedMessage} Message
 * @typedef {NonNullable<Message["label"]>["value"]} Label what a customer's message means
 * @typedef {Message["status"]} MessageStatus
 * @typedef {Message["type"]} MessageType
 * @typedef {NonNullable<NonNullable<Message["hold"]>["reason"]>} HoldReason
 * @typedef {NonNullable<Message["media"]>} Media
 * @typedef {MediaReason | "gave_up" | "deleted"} MediaCode why there is no file
 * @typedef {NonNullable<Message["bill"]>} StoredBill what a file is and says
 * @typedef {StoredBill["supplies"][number]} Supply
 * @typedef {NonNullable<Supply["evidence"][string]>} Evidence
 * @typedef {ThreadAnswer["calls"][number] & { link: string | null }} Call
 * @typedef {Todo["todo"]} TodoName a worklist
 * @typedef {ThreadAnswer["codes"][number]} WrittenCode
 * @typedef {ThreadAnswer["bills"][number]} Bill
 * @typedef {ThreadAnswer["case"]} Case
 * @typedef {Conversation["case"]} CaseSummary
 * @typedef {Case["pods"][number]} CasePod
 * @typedef {CasePod["months"][number]} CaseMonth
 * @typedef {Case["warnings"][number]} CaseWarning
 * @typedef {ThreadAnswer["actions"][number]} StaffAction
 * @typedef {MonitorAnswer<ConversationPage>} ListAnswer
 * @typedef {MonitorAnswer<Feed>} FeedAnswer
 * @typedef {FeedAnswer["sender"]} Sender
 * @typedef {(typeof MESSAGE_ACTIONS)[number]} MessageAction
 */

/**
 * What the list shows.
 * @typedef {"all" | Exclude<ConversationState, "none"> | "objection" | "undelivered"} ListState
 * @typedef {ListState | TodoName} FilterState
 * @typedef {"" | "none" | "open" | "missing" | "to_check" | "complete" | "declared"} CaseFilter missing: open, those that lack least first
 * @typedef {{ state: FilterState, q: string, case: CaseFilter }} Filter
 */

/**
 * A reply that the server has not confirmed yet; its client_id stays the same however often it is tried.
 * @typedef {object} Pending
 * @property {string} client_id
 * @property {string} text
 * @property {string} at
 * @property {boolean} failed
 * @property {Set<number>} known the messages that were there before it
 * @property {"now" | "hours"} when at once, or within the sending hours
 * @property {boolean} despite_objection the user has confirmed that it goes to somebody who wants no messages
 */

/**
 * @typedef {object} Thread
 * @property {number} id of the conversation
 * @property {Map<number, Message>} messages
 * @property {Call[]} calls
 * @property {StaffAction[]} actions
 * @property {WrittenCode[]} codes of other customers' calls, that staff are to decide about
 * @property {Bill[]} bills as the server listed them; newer ones are among the messages
 * @property {Case | null} case
 * @property {ThreadAnswer["conversation"]["reminders"] | null} reminders
 * @property {Pending[]} pending
 * @property {boolean} more whether there are older messages
 * @property {"loading" | "ready" | "error" | "missing"} status
 */

export {};
