/** @import { CaseFilter, Conversation, FilterState, Message } from "./types.js" */
import { isNeverDelivered } from "../lib/never-delivered.js";
import { isTodo } from "./route.js";
import { store } from "./store.js";

/** @param {Conversation} a @param {Conversation} b */
const newestFirst = (a, b) => Date.parse(b.last_at) - Date.parse(a.last_at) || b.id - a.id;
/** @param {Conversation} conversation */
const lacking = ({ case: { covered, of } }) => (of ?? 0) - covered;
/** The order of the list. @param {Conversation} a @param {Conversation} b */
const inOrder = (a, b) =>
  store.filter.case === "missing" ? lacking(a) - lacking(b) || a.id - b.id : newestFirst(a, b);

/** @param {Conversation[]} conversations @param {boolean} fromStart */
export function takePage(conversations, fromStart) {
  if (fromStart) store.list = [];
  place(conversations, ({ merged_into }) => merged_into === null);
}

/** A conversation as it was read by itself. @param {Conversation} conversation */
export function takeConversation(conversation) {
  const shown = store.list.includes(conversation.id);
  place([conversation], () => shown);
}

/**
 * Conversations that were added or changed: those that the filter still wants are in the list, the others leave it.
 * @param {Conversation[]} conversations @param {Message[]} messages that came with them
 */
export function takeChanges(conversations, messages) {
  if (conversations.length === 0) return;
  const shown = new Set(store.list);
  const last = store.conversations.get(store.list.at(-1) ?? -1);
  // What lies below the part of the list that is loaded comes with its page.
  const inReach = (/** @type {Conversation} */ conversation) =>
    store.next === null || !last || inOrder(conversation, last) <= 0;
  place(
    conversations,
    (conversation) =>
      conversation.merged_into === null &&
      fits(conversation, messages, shown.has(conversation.id)) &&
      (shown.has(conversation.id) || inReach(conversation)),
  );
}

/**
 * Moves conversations to their place in the list, or out of it. The others keep their places, and are not compared.
 *
 * @param {Conversation[]} conversations @param {(conversation: Conversation) => boolean} wanted
 */
function place(conversations, wanted) {
  const placed = new Set(conversations.map(({ id }) => id));
  const list = store.list.filter((id) => !placed.has(id));
  for (const conversation of conversations) {
    store.conversations.set(conversation.id, conversation);
    if (wanted(conversation)) list.splice(placeIn(list, conversation), 0, conversation.id);
  }
  store.list = list;
}

/** @param {number[]} list the newest first @param {Conversation} conversation */
function placeIn(list, conversation) {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = store.conversations.get(list[middle] ?? -1);
    if (other && inOrder(other, conversation) <= 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** @param {Conversation} conversation @param {Message[]} messages @param {boolean} shown */
function fits(conversation, messages, shown) {
  const { state, q, case: ofCase } = store.filter;
  if (!isIn(conversation, state, shown) || !isOfCase(conversation, ofCase, shown)) return false;
  if (!q || shown) return true;
  const words = q.toLocaleLowerCase();
  const digits = q.replace(/\D/g, "");
  return (
    (conversation.name ?? "").toLocaleLowerCase().includes(words) ||
    (digits.length > 2 && (conversation.phone_number ?? "").includes(digits)) ||
    messages.some(
      ({ conversation_id, text }) => conversation_id === conversation.id && text?.toLocaleLowerCase().includes(words),
    )
  );
}

/** @param {Conversation} conversation @param {FilterState} state @param {boolean} shown */
function isIn({ state: its, objection, objection_asked, last, last_at, todo }, state, shown) {
  if (isTodo(state)) return todo.some((item) => item.todo === state);
  if (state === "objection") return objection !== null || objection_asked;
  // What never arrived may lie before the last message: only the server knows.
  if (state === "undelivered") return shown || (last !== null && isNeverDelivered(last, last_at));
  return state === "all" || its === state;
}

/** @param {Conversation} conversation @param {CaseFilter} wanted @param {boolean} shown */
function isOfCase({ case: { state, of } }, wanted, shown) {
  if (wanted === "missing") return state === "open" && of !== null;
  // Whether staff are to look at bills, only the server knows.
  if (wanted === "to_check") return shown && state === "open";
  return wanted === "" || state === wanted;
}
