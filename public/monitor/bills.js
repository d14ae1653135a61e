/** @import { Thread, Bill } from "./types.js" */
import { mediaAddress } from "./api.js";
import { h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { size } from "./text.js";
import { clockWithDay } from "./time.js";

/** A customer's bill files, newest first: those of before, and what has come since. @param {Thread | undefined} thread */
export function billsOf(thread) {
  /** @type {Map<number, Bill>} */
  const bills = new Map(thread?.bills.map((bill) => [bill.id, bill]));
  for (const { id, direction, type, media, message_at, created_at } of thread?.messages.values() ?? []) {
    if (direction !== "incoming" || media?.state !== "stored" || (type !== "image" && type !== "document")) continue;
    bills.set(id, {
      id,
      type,
      at: message_at ?? created_at,
      file_name: media.file_name,
      size: media.size,
      pages: media.pages,
    });
  }
  return [...bills.values()].sort((a, b) => b.id - a.id);
}

/** The list, behind a button that counts them. @param {Bill[]} bills */
export function billList(bills) {
  return h(
    "details",
    { class: "bills", id: "bills" },
    h("summary", {}, icon("document"), t.bills.count(bills.length)),
    h("ul", {}, ...bills.map(line)),
  );
}

/** @param {Bill} bill */
function line({ id, type, at, file_name, size: bytes, pages }) {
  const name = file_name || t.types[type];
  const details = [clockWithDay(at), pages && t.media.pages(pages), bytes && size(bytes)].filter(Boolean).join(" · ");
  return h(
    "li",
    {},
    h(
      "a",
      { href: mediaAddress(id, "file"), target: "_blank", rel: "noopener", "aria-label": t.media.openNamed(name) },
      h("strong", { dir: "auto" }, name),
      h("small", {}, details),
    ),
    h(
      "a",
      {
        class: "round",
        href: `${mediaAddress(id, "file")}&download=true`,
        "aria-label": t.bills.download(name),
        title: t.bills.download(name),
      },
      icon("download"),
    ),
  );
}
