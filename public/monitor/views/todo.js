/** @import { TodoName } from "../data/types.js" */
import { address, setFilter, TODOS } from "../data/route.js";
import { on, store } from "../data/store.js";
import { h, isPlainClick, present, setAttribute } from "../lib/dom.js";
import { number, t } from "../lib/i18n.js";

/** What staff are to do: the worklists that have something, with how many customers. @param {HTMLElement} root */
export function startTodo(root) {
  const title = h("h3", {}, t.todo.title);
  const lists = h("ul", { role: "list" });
  const nothing = h("p", {}, t.todo.nothing);
  const items = TODOS.map((todo) => ({ todo, ...item(todo) }));
  lists.append(...items.map(({ element }) => element));
  root.append(title, nothing, lists);
  const draw = () => {
    const { todo: counts, filter } = store;
    root.hidden = counts === null;
    if (!counts) return;
    nothing.hidden = items.some(({ todo }) => counts[todo] > 0);
    for (const { todo, element, link, count } of items) {
      // A list that is open stays in sight when its last item is done.
      element.hidden = counts[todo] === 0 && filter.state !== todo;
      setAttribute(link, "aria-current", filter.state === todo ? "true" : null);
      const words = number(counts[todo]);
      if (count.textContent !== words) count.textContent = words;
    }
  };
  on(["counts", "filter"], draw);
  draw();
}

/** @param {TodoName} todo */
function item(todo) {
  const count = h("b");
  const content = present([h("span", {}, t.todo.lists[todo]), count]);
  const help = t.todo.help[todo];
  const link =
    todo === "bills"
      ? h("button", { type: "button", title: help, click: () => void confirmBills() }, ...content)
      : h("a", { href: address({ open: null, state: todo, q: "" }), title: help, click }, ...content);
  /** @param {MouseEvent} event */
  function click(event) {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    setFilter({ state: store.filter.state === todo ? "all" : todo, q: "" }, "push");
  }
  return { element: h("li", {}, link), link, count };
}

/** Bills are confirmed beside their pages, one after the other, of all customers. */
async function confirmBills() {
  const { openToConfirm } = await import("./viewer/open-viewer.js");
  await openToConfirm();
}
