/** @import { Pending, Thread } from "../data/types.js" */
import { draftOf, keepDraft } from "../data/drafts.js";
import { addReply, tryReply } from "../data/replies.js";
import { currentConversation, on, store } from "../data/store.js";
import { find, setText } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { confirm } from "./confirm.js";
import { startReplyWhen } from "./reply-when.js";
import { toast } from "./toast.js";

const LONGEST = 4096;

/** The form in which a reply is written. @param {HTMLElement} form */
export function startComposer(form) {
  const field = find(form, "#reply", HTMLTextAreaElement);
  /** @type {number | null} whose draft is in the field */
  let shown = null;
  const whenOf = startReplyWhen(find(form, "#reply-when"));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  field.addEventListener("input", () => {
    keepDraft(shown, field.value);
    drawLength(form, field);
  });
  field.addEventListener("keydown", (event) => {
    // A phone's keyboard has no Shift+Enter: there Enter makes a new line, as in WhatsApp.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    void submit();
  });
  on(["open", "thread", "list", "sender"], draw);

  function draw() {
    if (shown !== store.open) {
      shown = store.open;
      field.value = draftOf(shown);
    }
    const noNumber = currentConversation()?.phone_number === null;
    if (field.disabled !== noNumber) field.disabled = noNumber;
    const note = find(form, "#composer-note");
    setText(note, noNumber ? t.composer.noNumber : noteOf());
    note.hidden = note.textContent === "";
    drawLength(form, field);
  }

  async function submit() {
    const text = field.value.trim();
    const to = shown;
    if (to === null || field.disabled || text === "" || text.length > LONGEST) return;
    const when = whenOf();
    const objects = currentConversation()?.objection != null;
    if (objects && !(await confirmDespite())) return;
    // Another conversation may have been opened meanwhile.
    if (shown !== to || field.value.trim() !== text) return;
    const { thread, pending } = addReply(to, text, { when, despite_objection: objects });
    field.value = "";
    keepDraft(to, "");
    drawLength(form, field);
    void sendOrSay(thread, pending);
  }
}

/** @param {HTMLElement} form @param {HTMLTextAreaElement} field */
function drawLength(form, field) {
  const length = field.value.trim().length;
  const left = LONGEST - length;
  const count = find(form, "#composer-count");
  count.hidden = left > 400;
  setText(count, t.composer.left(left));
  count.classList.toggle("over", left < 0);
  find(form, "#send", HTMLButtonElement).disabled = field.disabled || left < 0 || length === 0;
}

/** What to know before writing. */
function noteOf() {
  const { sender } = store;
  if (sender?.paused && sender.paused.reason !== "restricted") return t.composer.paused;
  return currentConversation()?.objection ? t.reply.objection : "";
}

const confirmDespite = () => confirm({ ...t.reply.despite, danger: true });

/** @param {Thread} thread @param {Pending} pending */
export async function sendOrSay(thread, pending) {
  const became = await tryReply(thread, pending);
  if (became === "refused") toast(t.done.refused);
  // The customer has objected since the page last heard.
  if (became !== "objection" || !(await confirmDespite())) return;
  pending.despite_objection = true;
  await sendOrSay(thread, pending);
}

/** Moves the focus to the field of the reply. */
export const focusComposer = () => find(document, "#reply").focus();
