/** @import { Bill } from "../data/types.js" */
import { mediaAddress } from "../data/api.js";
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { size } from "../lib/text.js";
import { clockWithDay } from "../lib/time.js";

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
