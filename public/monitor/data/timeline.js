/** @import { Call, Message, Pending, StaffAction, Thread } from "./types.js" */
import { day } from "../lib/time.js";

/**
 * @typedef {{ kind: "message", at: string, message: Message } | { kind: "call", at: string, call: Call }
 *   | { kind: "action", at: string, action: StaffAction } | { kind: "pending", at: string, pending: Pending }
 *   | { kind: "day", at: string } | { kind: "unread", at: string }} Item
 */

/** When a message was written or sent; for one that waits, when it was asked for. @param {Message} message */
export const timeOf = (message) => message.message_at ?? message.created_at;

/**
 * Everything that happened with a customer in the order of time, with a line before each day.
 * @param {Thread} thread @param {number | null} unreadFrom the first message that was unread when it was opened
 * @returns {Item[]}
 */
export function timeline(thread, unreadFrom) {
  /** @type {Item[]} */
  const items = [...thread.messages.values()].map((message) => ({ kind: "message", at: timeOf(message), message }));
  // Before the oldest message that is loaded, only what has its messages around it is shown.
  const from = thread.more ? Math.min(...items.map(({ at }) => Date.parse(at))) : Number.NEGATIVE_INFINITY;
  for (const call of thread.calls) if (Date.parse(call.at) >= from) items.push({ kind: "call", at: call.at, call });
  for (const action of thread.actions) {
    // A reply stands there with its author's name.
    if (action.action !== "reply" && Date.parse(action.at) >= from)
      items.push({ kind: "action", at: action.at, action });
  }
  items.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || ORDER[a.kind] - ORDER[b.kind] || idOf(a) - idOf(b));
  for (const pending of thread.pending) items.push({ kind: "pending", at: pending.at, pending });

  /** @type {Item[]} */
  const withDays = [];
  let today = "";
  for (const item of items) {
    const itsDay = day(item.at);
    if (itsDay !== today) withDays.push({ kind: "day", at: item.at });
    today = itsDay;
    if (item.kind === "message" && item.message.id === unreadFrom) withDays.push({ kind: "unread", at: item.at });
    withDays.push(item);
  }
  return withDays;
}

/** The call comes before what it led to. */
const ORDER = { day: 0, unread: 1, call: 2, message: 3, action: 4, pending: 5 };

/** @param {Item} item */
function idOf(item) {
  if (item.kind === "message") return item.message.id;
  if (item.kind === "call") return item.call.id;
  return item.kind === "action" ? item.action.id : 0;
}

/** @param {Item} item */
export function keyOf(item) {
  if (item.kind === "day") return `day ${day(item.at)}`;
  if (item.kind === "unread") return "unread";
  if (item.kind === "pending") return `pending ${item.pending.client_id}`;
  return `${item.kind} ${idOf(item)}`;
}
