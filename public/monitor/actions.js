/** @import { MessageAction } from "./types.js" */
import { ApiError, act } from "./api.js";
import { confirm } from "./dialog.js";
import { t } from "./i18n.js";
import { changed, store } from "./store.js";
import { loadThread, pollNow } from "./sync.js";
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
  if (!(await confirm(byStaff ? resume : t.ask.tryAgain))) return;
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

function refresh() {
  pollNow();
  void loadThread();
}

/** @param {() => Promise<unknown>} action */
async function tryTo(action) {
  try {
    await action();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status !== 401) toast(wordsFor(error.status));
    return false;
  }
}

/** @param {number} status */
function wordsFor(status) {
  if (status === 409 || status === 404) return t.done.notPossible;
  return status >= 400 && status < 500 ? t.done.refused : t.done.failed;
}
