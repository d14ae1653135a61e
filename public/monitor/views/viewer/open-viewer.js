/** @import { Conversation, Message } from "../../data/types.js" */
import { ApiError, act, readBills } from "../../data/api.js";
import { currentConversation, currentThread } from "../../data/store.js";
import { h, present } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { openDialog } from "../../lib/open-dialog.js";
import { who } from "../../lib/text.js";
import { refresh, tryTo } from "../actions.js";
import { toast } from "../toast.js";
import { billFacts } from "./bill-facts.js";
import { correctForm } from "./correct-form.js";
import { PageView } from "./page-view.js";

/** @typedef {{ message: Message, conversation: Conversation | null }} Item a file, and whose it is */

/** A customer's file beside what was read of it. @param {number} messageId */
export async function openViewer(messageId) {
  const files = [...(currentThread()?.messages.values() ?? [])].filter(({ bill }) => bill).sort((a, b) => a.id - b.id);
  const items = files.map((message) => ({ message, conversation: currentConversation() ?? null }));
  await new Viewer(
    items,
    items.findIndex(({ message }) => message.id === messageId),
    false,
  ).show();
}

/** All files that are to be confirmed, one after the other. */
export async function openToConfirm() {
  try {
    const { bills } = await readBills();
    if (bills.length === 0) return toast(t.bill.nothingToConfirm);
    await new Viewer(bills, 0, true).show();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (!error.signedOut) toast(t.done.failed);
  }
}

class Viewer {
  #items;
  #at;
  /** Whether what is done goes on to the next one. */
  #goesOn;
  /** @type {HTMLDialogElement} */
  #dialog = h("dialog", { class: "viewer", "aria-label": t.bill.viewer });
  #page = new PageView();
  #list = h("ol", { class: "viewer-list", "aria-label": t.bill.toConfirm });
  #side = h("section", { class: "viewer-side", "aria-label": t.bill.read });
  #changed = false;
  #busy = false;

  /** @param {Item[]} items @param {number} at @param {boolean} goesOn */
  constructor(items, at, goesOn) {
    this.#items = items;
    this.#at = Math.max(0, at);
    this.#goesOn = goesOn;
    this.#dialog.classList.toggle("with-list", goesOn);
    this.#dialog.append(...present([goesOn && this.#list, this.#page.element, this.#side]));
    this.#dialog.addEventListener("keydown", (event) => this.#pressed(event));
  }

  async show() {
    document.body.append(this.#dialog);
    const closed = openDialog(this.#dialog);
    this.#draw();
    await closed;
    this.#page.close();
    this.#dialog.remove();
    if (this.#changed) refresh();
  }

  get #item() {
    return this.#items[this.#at];
  }

  #draw() {
    const item = this.#item;
    if (!item) return this.#dialog.close();
    void this.#page.open(item.message);
    this.#drawSide(item);
    if (this.#goesOn) this.#drawList();
  }

  /** @param {Item} item */
  #drawSide({ message, conversation }) {
    const { bill } = message;
    if (!bill) return;
    this.#side.replaceChildren(
      h(
        "header",
        { class: "viewer-head" },
        h("h2", {}, conversation ? who(conversation) : t.bill.viewer),
        h("button", { type: "button", class: "button quiet", click: () => this.#dialog.close() }, t.bill.close),
      ),
      billFacts(bill, message.id, (evidence) => this.#page.mark(evidence)),
      h(
        "div",
        { class: "viewer-buttons" },
        this.#button(
          t.bill.confirm,
          "C",
          () => this.#do("bill_confirm"),
          bill.state === "waiting" || bill.confirmed_at !== null,
          true,
        ),
        this.#button(t.bill.correct, "E", () => this.#correct()),
        this.#button(t.bill.pageOf, "P", () => this.#askPage()),
        this.#button(t.bill.reject, "N", () => this.#do("bill_reject")),
      ),
      h("p", { class: "viewer-keys" }, t.bill.keys),
    );
  }

  /** @param {string} words @param {string} key @param {() => void} click @param {boolean} [disabled] @param {boolean} [primary] */
  #button(words, key, click, disabled = false, primary = false) {
    const keyed = {
      type: "button",
      class: `button${primary ? " primary" : ""}`,
      "aria-keyshortcuts": key,
      disabled,
      click,
    };
    return h(
      "button",
      { ...keyed, "data-key": key.toLowerCase() },
      words,
      " ",
      h("kbd", { "aria-hidden": "true" }, key),
    );
  }

  #drawList() {
    this.#list.replaceChildren(
      ...this.#items.map(({ message, conversation }, index) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", "aria-current": index === this.#at ? "true" : null, click: () => this.#go(index) },
            h("strong", {}, conversation ? who(conversation) : ""),
            h(
              "small",
              {},
              message.bill ? (message.bill.confirmed_at ? t.bill.done : t.bill.states[message.bill.state]) : "",
            ),
          ),
        ),
      ),
    );
    this.#list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} index */
  #go(index) {
    if (index < 0 || index >= this.#items.length) return;
    this.#at = index;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof HTMLElement && target.matches("input, select, textarea")) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") this.#go(this.#at + (key === "j" ? 1 : -1));
    else if (!this.#page.pressed(key)) {
      const button = this.#side.querySelector(`button[data-key="${CSS.escape(key)}"]`);
      if (!(button instanceof HTMLButtonElement)) return;
      button.click();
    }
    event.preventDefault();
  }

  /** @param {"bill_confirm" | "bill_reject" | "bill_page" | "bill_correct"} action @param {object} [more] */
  async #do(action, more = {}) {
    const item = this.#item;
    if (!item || this.#busy) return;
    this.#busy = true;
    const done = await tryTo(async () => {
      const body = /** @type {any} */ ({ action, id: item.message.id, ...more });
      const { bill } = await (await act(body)).json();
      item.message = { ...item.message, bill };
    });
    this.#busy = false;
    if (!done) return;
    this.#changed = true;
    toast(t.bill.did[action]);
    if (this.#goesOn && this.#at + 1 < this.#items.length) this.#go(this.#at + 1);
    else this.#draw();
  }

  #correct() {
    const item = this.#item;
    if (!item?.message.bill) return;
    const form = correctForm(
      item.message.bill.supplies,
      (supplies) => void this.#do("bill_correct", { supplies }),
      () => this.#drawSide(item),
    );
    this.#side.replaceChildren(form);
    form.querySelector("input")?.focus();
  }

  /** The customer's other files, of which this may be a page. */
  async #askPage() {
    const item = this.#item;
    if (!item) return;
    const { readThread } = await import("../../data/api.js");
    const others = item.conversation ? (await readThread(item.conversation.id, null, 200)).messages : [];
    const bills = others.filter(
      ({ id, bill }) =>
        bill &&
        id !== item.message.id &&
        bill.state !== "not_a_bill" &&
        bill.page_of === null &&
        bill.duplicate_of === null,
    );
    const { chooseBill } = await import("./choose-bill.js");
    this.#side.replaceChildren(
      chooseBill(
        bills,
        (of) => void this.#do("bill_page", { of }),
        () => this.#drawSide(item),
      ),
    );
    this.#side.querySelector("button")?.focus();
  }
}
