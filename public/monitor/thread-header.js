import { setBill } from "./actions.js";
import { billList, billsOf } from "./bills.js";
import { byId, h, icon, present } from "./dom.js";
import { t } from "./i18n.js";
import { closeConversation } from "./route.js";
import { store } from "./store.js";
import { initials, phone, who } from "./text.js";
import { clockWithDay } from "./time.js";

let drawn = "";

/** Whose conversation it is, what is owed, and the hand that marks the bill as received. */
export function drawThreadHeader() {
  const conversation = store.conversations.get(store.open ?? -1);
  const bills = billsOf(store.threads.get(store.open ?? -1));
  const version = JSON.stringify([
    store.open,
    bills.map((bill) => bill.id),
    conversation && { ...conversation, last: null, last_at: null, unread: 0 },
  ]);
  if (version === drawn) return;
  drawn = version;
  const header = byId("thread-header");
  const hadFocus = header.contains(document.activeElement) ? document.activeElement?.id : null;
  const back = h(
    "button",
    {
      type: "button",
      class: "round",
      id: "back",
      "aria-label": t.thread.back,
      title: t.thread.back,
      click: closeConversation,
    },
    icon("back"),
    icon("close"),
  );
  if (!conversation) {
    header.replaceChildren(
      h("div", { class: "thread-who" }, h("h2", { id: "thread-title", tabindex: "-1" }, t.loading)),
      back,
    );
    return;
  }
  const { id, name, phone_number, state, bill_at, bill_by } = conversation;
  const received = bill_at !== null || state === "bill";
  header.replaceChildren(
    ...present([
      h("span", { class: `avatar state-${state}`, "aria-hidden": "true" }, initials(name) || icon("person")),
      h(
        "div",
        { class: "thread-who" },
        h("h2", { id: "thread-title", tabindex: "-1", dir: "auto" }, who(conversation)),
        h(
          "p",
          {},
          h("span", { class: `badge state-${state}` }, t.states[state]),
          phone_number && name && h("a", { href: `tel:${phone_number}`, title: t.thread.call }, phone(phone_number)),
        ),
      ),
      bills.length > 0 && billList(bills),
      h(
        "button",
        {
          type: "button",
          id: "bill",
          class: "switch",
          role: "switch",
          "aria-checked": String(received),
          click: () => void setBill(id, !received),
        },
        h("span", { class: "switch-track", "aria-hidden": "true" }),
        h(
          "span",
          { class: "switch-words" },
          t.thread.bill,
          received &&
            bill_at &&
            h(
              "small",
              {},
              bill_by ? t.thread.billBy(bill_by, clockWithDay(bill_at)) : t.thread.billAt(clockWithDay(bill_at)),
            ),
        ),
      ),
      back,
    ]),
  );
  if (hadFocus) document.getElementById(hadFocus)?.focus();
}
