/** @import { MessageAction } from "../data/types.js" */
import { ApiError, act } from "../data/api.js";
import { loadThread } from "../data/load-thread.js";
import { pollNow } from "../data/poll.js";
import { changed, store } from "../data/store.js";
import { t } from "../lib/i18n.js";
import { confirm } from "./confirm.js";
import { toast } from "./toast.js";

/** What cannot be taken back asks first; a retry of what certainly failed does not. */
const QUESTIONS = {
  retry: null,
  resend: { ...t.ask.resend, danger: true },
  give_up: { ...t.ask.give_up, danger: true },
  cancel: { ...t.ask.cancel, danger: true },
};

/** @param {MessageAction} action @param {number} id */
export async function actOnMessage(action, id) {
  const question = QUESTIONS[action];
  if (question && !(await confirm(question))) return;
  if (await tryTo(() => act({ action, id }))) toast(t.done[action]);
  refresh();
}

export async function pauseSending() {
  if (!(await confirm(t.ask.pause))) return;
  if (await tryTo(() => act({ action: "pause" }))) toast(t.done.pause);
  refresh();
}

export async function resumeSending() {
  const byStaff = store.sender?.paused?.reason === "staff";
  const resume = { ...t.ask.resume, text: t.ask.resume.text(store.sender?.queued ?? 0) };
  const restricted = store.sender?.paused?.reason === "restricted" && { ...t.restricted.ask, danger: true };
  if (!(await confirm(restricted || (byStaff ? resume : t.ask.tryAgain)))) return;
  if (await tryTo(() => act({ action: "resume" }))) toast(t.done.resume);
  refresh();
}

/** @param {number} conversationId @param {boolean} received */
export async function setBill(conversationId, received) {
  if (await tryTo(() => act({ action: "bill", conversation_id: conversationId, received }))) {
    toast(received ? t.done.bill_set : t.done.bill_unset);
  }
  changed("thread");
  refresh();
}

/** What an action has changed is read at once. */
export function refresh() {
  pollNow();
  void loadThread();
}

/** Whether it worked; if not, a notice says why. @param {() => Promise<unknown>} action */
export async function tryTo(action) {
  try {
    await action();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (!error.signedOut) toast(wordsFor(error));
    return false;
  }
}

/** @param {ApiError} error */
function wordsFor({ status, code }) {
  if (code === "not_possible" || code === "not_found") return t.done.notPossible;
  return status >= 400 && status < 500 ? t.done.refused : t.done.failed;
}
