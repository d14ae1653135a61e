/** @import { Message } from "../../data/types.js" */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { clockWithDay } from "../../lib/time.js";
import { supplyLine } from "../supply-line.js";

/**
 * Of which of these a file is a page.
 * @param {Message[]} bills @param {(messageId: number) => void} choose @param {() => void} cancel
 */
export const chooseBill = (bills, choose, cancel) =>
  h(
    "div",
    { class: "viewer-choice" },
    h("h2", {}, t.bill.pageOf),
    bills.length === 0 && h("p", {}, t.bill.noOther),
    h(
      "ul",
      {},
      ...bills.map(({ id, created_at, media, bill }) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", class: "button", click: () => choose(id) },
            media?.file_name ?? clockWithDay(created_at),
            ...(bill?.supplies ?? []).map((supply) => supplyLine(supply, true)),
          ),
        ),
      ),
    ),
    h("button", { type: "button", class: "button quiet", click: cancel }, t.ask.no),
  );
