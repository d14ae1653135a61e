/** @import { Thread, Pending } from "./types.js" */
import { ApiError, sendReply } from "./api.js";
import { byId, setText } from "./dom.js";
import { t } from "./i18n.js";
import { changed, on, store, threadOf } from "./store.js";
import { pollNow } from "./sync.js";
import { toast } from "./toast.js";

const LONGEST = 4096;
const KEPT_AS = "monitor.drafts";

const field = /** @type {HTMLTextAreaElement} */ (byId("reply"));
const send = /** @type {HTMLButtonElement} */ (byId("send"));
/** @type {number | null} whose draft is in the field */
let shown = null;
/** @type {Record<string, string>} */
const drafts = readDrafts();

export function startComposer() {
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener("input", () => {
    keep();
    drawLength();
  });
  field.addEventListener("keydown", (event) => {
    // A phone's keyboard has no Shift+Enter: there Enter makes a new line, as in WhatsApp.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    submit();
  });
  on(["open", "thread", "sender"], draw);
}

function draw() {
  if (shown !== store.open) {
    shown = store.open;
    field.value = shown === null ? "" : (drafts[shown] ?? "");
  }
  const conversation = store.conversations.get(store.open ?? -1);
  const noNumber = conversation !== undefined && conversation.phone_number === null;
  if (field.disabled !== noNumber) field.disabled = noNumber;
  const note = byId("composer-note");
  setText(note, noNumber ? t.composer.noNumber : store.sender?.paused ? t.composer.paused : "");
  note.hidden = note.textContent === "";
  drawLength();
}

function drawLength() {
  const left = LONGEST - field.value.trim().length;
  const count = byId("composer-count");
  count.hidden = left > 400;
  setText(count, t.composer.left(left));
  count.classList.toggle("over", left < 0);
  send.disabled = field.disabled || left < 0 || field.value.trim() === "";
}

function submit() {
  const id = store.open;
  const text = field.value.trim();
  if (id === null || field.disabled || text === "" || text.length > LONGEST) return;
  const thread = threadOf(id);
  /** @type {Pending} */
  const pending = {
    client_id: crypto.randomUUID(),
    text,
    at: new Date().toISOString(),
    failed: false,
    known: new Set([...thread.messages.keys()]),
  };
  thread.pending.push(pending);
  field.value = "";
  keep();
  drawLength();
  void trySending(thread, pending);
  const scroller = byId("thread-scroll");
  scroller.scrollTop = scroller.scrollHeight;
}

/** However often this is tried, it is one message: the server knows it by its client_id. @param {Thread} thread @param {Pending} pending */
export async function trySending(thread, pending) {
  pending.failed = false;
  changed("thread");
  try {
    const { client_id, text } = pending;
    const message = await sendReply({ conversation_id: thread.id, text, client_id });
    thread.messages.set(message.id, message);
    thread.pending = thread.pending.filter((other) => other !== pending);
    changed("thread");
    pollNow();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    pending.failed = true;
    changed("thread");
    if (error.status >= 400 && error.status < 500 && error.status !== 401) toast(t.done.refused);
  }
}

/** @param {Thread} thread @param {Pending} pending */
export function dropPending(thread, pending) {
  thread.pending = thread.pending.filter((other) => other !== pending);
  changed("thread");
}

/** Each conversation keeps what was begun, also when the page is loaded again. */
function keep() {
  if (shown === null) return;
  if (field.value) drafts[shown] = field.value;
  else delete drafts[shown];
  try {
    sessionStorage.setItem(KEPT_AS, JSON.stringify(drafts));
  } catch {
    // It is kept as long as the page is.
  }
}

/** @returns {Record<string, string>} */
function readDrafts() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "{}");
  } catch {
    return {};
  }
}

/** Nothing stays for whoever sits here next. */
export function forgetDrafts() {
  try {
    sessionStorage.removeItem(KEPT_AS);
  } catch {
    // There is nothing then.
  }
}
