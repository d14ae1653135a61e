import { ApiError, act } from "../data/api.js";
import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { refresh } from "./actions.js";
import { toast } from "./toast.js";

/** Where staff enter another number of a customer who cannot be reached. @param {number} id of the conversation */
export function numberForm(id) {
  const field = h("input", {
    type: "tel",
    id: "second-number",
    "aria-label": t.todo.number,
    placeholder: t.todo.number,
    autocomplete: "off",
    required: true,
    maxlength: 40,
  });
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (!field.value.trim()) return;
    try {
      const answer = await act({ action: "second_number", conversation_id: id, phone_number: field.value });
      const { phone_number, message } = await answer.json();
      toast(message ? t.todo.numberUsed(phone_number) : t.todo.numberAdded(phone_number));
      refresh();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!error.signedOut) toast(wordsFor(error));
    }
  };
  return h("form", { class: "todo-number", submit }, field, h("button", { class: "button quiet" }, t.todo.useNumber));
}

/** @param {ApiError} error */
function wordsFor({ status, code }) {
  if (code === "not_possible") return t.todo.numberTaken;
  return status === 400 ? t.todo.noNumber : t.done.failed;
}
