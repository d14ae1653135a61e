/** @import { Pending, Thread } from "../data/types.js" */
import { draftOf, keepDraft } from "../data/drafts.js";
import { addReply, tryReply } from "../data/replies.js";
import { currentConversation, on, store } from "../data/store.js";
import { find, setText } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { toast } from "./toast.js";

const LONGEST = 4096;

/** The form in which a reply is written. @param {HTMLElement} form */
export function startComposer(form) {
  const field = find(form, "#reply", HTMLTextAreaElement);
  /** @type {number | null} whose draft is in the field */
  let shown = null;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener("input", () => {
    keepDraft(shown, field.value);
    drawLength(form, field);
  });
  field.addEventListener("keydown", (event) => {
    // A phone's keyboard has no Shift+Enter: there Enter makes a new line, as in WhatsApp.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    submit();
  });
  on(["open", "thread", "sender"], draw);

  function draw() {
    if (shown !== store.open) {
      shown = store.open;
      field.value = draftOf(shown);
    }
    const noNumber = currentConversation()?.phone_number === null;
    if (field.disabled !== noNumber) field.disabled = noNumber;
    const note = find(form, "#composer-note");
    setText(note, noNumber ? t.composer.noNumber : store.sender?.paused ? t.composer.paused : "");
    note.hidden = note.textContent === "";
    drawLength(form, field);
  }

  function submit() {
    const text = field.value.trim();
    if (shown === null || field.disabled || text === "" || text.length > LONGEST) return;
    const { thread, pending } = addReply(shown, text);
    field.value = "";
    keepDraft(shown, "");
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

/** @param {Thread} thread @param {Pending} pending */
export async function sendOrSay(thread, pending) {
  if (!(await tryReply(thread, pending))) toast(t.done.refused);
}

/** Moves the focus to the field of the reply. */
export const focusComposer = () => find(document, "#reply").focus();
