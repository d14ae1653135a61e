/** @import { BillPage } from "../../../lib/supabase/bills/read-bills.ts" */
/** @import { BillAction } from "../../../lib/supabase/bills/act-on-bill.ts" */
/** @import { CaseAction } from "../../../lib/supabase/cases/act-on-case.ts" */
/** @import { FeedAnswer, Filter, ListAnswer, Message, MessageAction, TodoName, User } from "./types.js" */
/** @import { Thread } from "../../../lib/supabase/monitor/read-thread.ts" */
/** @import { Call } from "./types.js" */
/** @typedef {Omit<Thread, "calls"> & { calls: Call[] }} ThreadAnswer */
import { isTodo } from "./route.js";

const TIMEOUT_MS = 15_000;

/** A request that did not work. `status` is 0 if no answer came at all; `code` is the server's. */
export class ApiError extends Error {
  /** @param {number} status @param {string} code @param {string} message @param {number} [waitS] */
  constructor(status, code, message, waitS = 60) {
    super(message);
    this.status = status;
    this.code = code;
    /** After so many seconds it may be tried again. */
    this.waitS = waitS;
  }

  /** The session has ended: the page asks for the password, and shows no other error. */
  get signedOut() {
    return this.code === "signed_out";
  }
}

let signedOut = () => {};
/** What to do when the server says that no user is signed in. @param {() => void} handler */
export const onSignedOut = (handler) => {
  signedOut = handler;
};

/**
 * @param {string} path
 * @param {{ method?: string, body?: unknown, headers?: Record<string, string>, signal?: AbortSignal }} [options]
 * @returns {Promise<Response>} an answer that is fine, or 304
 */
async function request(path, { method = "GET", body, headers = {}, signal } = {}) {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  /** @type {RequestInit} */
  const init = {
    method,
    headers: { accept: "application/json", ...headers },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, "content-type": "application/json" };
  }
  let response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "no_answer", String(error));
  }
  if (response.ok || response.status === 304) return response;
  const answer = await response.json().catch(() => null);
  const refused = new ApiError(
    response.status,
    answer?.error?.code ?? "",
    answer?.error?.message ?? `HTTP ${response.status}`,
    Number(response.headers.get("retry-after")) || undefined,
  );
  if (refused.signedOut) signedOut();
  throw refused;
}

/** @param {Response} response @returns {Promise<any>} */
async function json(response) {
  try {
    return await response.json();
  } catch (error) {
    throw new ApiError(0, "not_json", String(error));
  }
}

/** @param {Record<string, string | number | null | undefined>} values without those that say nothing */
function query(values) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) search.set(name, String(value));
  return search.size === 0 ? "" : `?${search}`;
}

/** @returns {Promise<User>} */
export const whoAmI = async () => (await json(await request("/api/session"))).user;
/** @param {string} email @param {string} password @returns {Promise<User>} */
export const signIn = async (email, password) =>
  (await json(await request("/api/session", { method: "POST", body: { email, password } }))).user;
/** @param {string} password @param {string} new_password */
export const changePassword = (password, new_password) =>
  request("/api/session", { method: "PUT", body: { password, new_password } });
export const signOut = () => request("/api/session", { method: "DELETE" });

/** @param {Filter} filter */
const filterQuery = ({ state, q, case: ofCase }) => {
  const more = ofCase === "missing" ? { order: "missing", q } : { case: ofCase, q };
  if (state === "objection" || state === "undelivered") return { [state]: "true", ...more };
  if (isTodo(state)) return { todo: state, ...more };
  return { state: state === "all" ? "" : state, ...more };
};

/**
 * @param {Filter & { before?: string | null, limit: number }} page @param {AbortSignal} signal
 * @returns {Promise<ListAnswer>}
 */
export const readList = async ({ before, limit, ...filter }, signal) =>
  json(await request(`/api/conversations${query({ ...filterQuery(filter), before, limit })}`, { signal }));

/** The files that are to be confirmed, newest first. @returns {Promise<BillPage>} */
export const readBills = async () => json(await request(`/api/bills${query({ limit: 200 })}`));

/** @param {number} id @param {number | null} before @param {number} limit @returns {Promise<ThreadAnswer>} */
export const readThread = async (id, before, limit) =>
  json(await request(`/api/conversations${query({ id, before, limit })}`));

/**
 * What changed since `after`: the cursor to ask with next, and the answer, which is null if nothing did.
 * @param {string} after @param {string | null} etag @param {AbortSignal} signal
 * @returns {Promise<{ answer: FeedAnswer | null, cursor: string, etag: string | null }>}
 */
export async function readFeed(after, etag, signal) {
  const response = await request(`/api/whatsapp-incoming${query({ after, limit: 200 })}`, {
    signal,
    headers: etag ? { "if-none-match": etag } : {},
  });
  if (response.status === 304) return { answer: null, cursor: response.headers.get("x-cursor") ?? after, etag };
  const answer = await json(response);
  return { answer, cursor: answer.cursor, etag: response.headers.get("etag") };
}

/**
 * @param {{ action: MessageAction, id: number } | { action: "pause" | "resume" }
 *   | { action: "bill", conversation_id: number, received: boolean } | { action: "seen", conversation_id: number }
 *   | { action: "done", conversation_id: number, todo: TodoName } | { action: "join", id: number, accept: boolean }
 *   | { action: "second_number", conversation_id: number, phone_number: string }
 *   | { action: "objection", conversation_id: number, objects: boolean, reason: string }
 *   | { action: "label", id: number, value: string, date: string | null } | BillAction | CaseAction
 *   | { action: "reminders", conversation_id: number, paused_until: string | null }
 *   | { action: "reminder_texts", texts: (string | null)[] }} body
 */
export const act = (body) => request("/api/messages", { method: "POST", body });

/**
 * @param {{ conversation_id: number, text: string, client_id: string, when: "now" | "hours", despite_objection: boolean }} reply
 * @returns {Promise<Message>}
 */
export const sendReply = async (reply) =>
  (await json(await request("/api/messages", { method: "POST", body: { action: "reply", ...reply } }))).message;

/** @param {Filter} filter */
export const csvAddress = (filter) => `/api/conversations${query({ format: "csv", ...filterQuery(filter) })}`;
/** @param {number} id @param {"thumb" | "file" | "bytes"} variant */
export const mediaAddress = (id, variant) => `/api/media${query({ id, variant })}`;
