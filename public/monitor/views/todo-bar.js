/** @import { Conversation, WrittenCode } from "../data/types.js" */
/** @import { Todo } from "../../../lib/supabase/followup/todo.ts" */
import { act } from "../data/api.js";
import { openConversation, TODOS } from "../data/route.js";
import { currentConversation, currentThread } from "../data/store.js";
import { h, icon, isDrawn, present } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { who } from "../lib/text.js";
import { refresh, tryTo } from "./actions.js";
import { confirm } from "./confirm.js";
import { numberForm } from "./number-form.js";
import { toast } from "./toast.js";
import { whyTodo } from "./why-todo.js";

/** Below the customer's name: what there is to do about them, and how it is done. @param {HTMLElement} place */
export function drawTodoBar(place) {
  const conversation = currentConversation();
  // Bills are confirmed where they stand.
  const items = (conversation?.todo ?? []).filter(({ todo }) => todo !== "bills");
  const codes = currentThread()?.codes ?? [];
  if (isDrawn(place, JSON.stringify([conversation?.id, conversation?.phone_number, items, codes]))) return;
  place.hidden = !conversation || items.length + codes.length === 0;
  if (!conversation || place.hidden) return place.replaceChildren();
  items.sort((a, b) => TODOS.indexOf(a.todo) - TODOS.indexOf(b.todo));
  place.replaceChildren(...codes.map(codeLine), ...items.map((item) => line(conversation, item)));
}

/** Whom a person calls. */
const CALL = ["promises", "not_reachable", "never_delivered", "to_call"];

/** @param {Conversation} conversation @param {Todo} item */
function line({ id, phone_number }, item) {
  const { todo } = item;
  return h(
    "div",
    { class: "todo-line", "data-todo": todo },
    icon("clock"),
    h(
      "p",
      { title: t.todo.help[todo] },
      h("strong", {}, t.todo.lists[todo]),
      h("span", { dir: "auto" }, ` · ${whyTodo(item)}`),
    ),
    todo === "not_reachable" && numberForm(id),
    CALL.includes(todo) && phone_number && h("a", { class: "button quiet", href: `tel:${phone_number}` }, t.todo.call),
    button(t.todo.done, () => act({ action: "done", conversation_id: id, todo }), t.todo.didIt),
  );
}

/** @param {WrittenCode} code */
function codeLine({ message_id: id, conversation }) {
  const name = h("a", { href: `?c=${conversation.id}`, click: open }, who(conversation));
  /** @param {MouseEvent} event */
  function open(event) {
    event.preventDefault();
    openConversation(conversation.id);
  }
  const [before, after] = t.todo.code("\n").split("\n");
  return h(
    "div",
    { class: "todo-line" },
    icon("question"),
    h("p", {}, ...present([before, name, after])),
    button(t.todo.join, () => act({ action: "join", id, accept: true }), t.todo.joined, t.todo.joinAsk),
    button(t.todo.keepApart, () => act({ action: "join", id, accept: false }), t.todo.keptApart),
  );
}

/** @param {string} label @param {() => Promise<unknown>} action @param {string} done @param {typeof t.todo.joinAsk} [question] */
function button(label, action, done, question) {
  const click = async () => {
    if (question && !(await confirm({ ...question, danger: true }))) return;
    if (await tryTo(action)) toast(done);
    refresh();
  };
  return h("button", { type: "button", class: "button quiet", click }, label);
}
