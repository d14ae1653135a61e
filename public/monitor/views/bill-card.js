/** @import { Message, StoredBill } from "../data/types.js" */
import { stateWords } from "../lib/bill-words.js";
import { h, icon } from "../lib/dom.js";
import { supplyLine } from "./supply-line.js";

/** What a bill file is and says; it opens the file beside what was read of it. @param {Message} message @param {StoredBill} bill */
export function billCard(message, bill) {
  const open = async () => {
    const { openViewer } = await import("./viewer/open-viewer.js");
    await openViewer(message.id);
  };
  const done = bill.confirmed_at !== null;
  return h(
    "button",
    { type: "button", class: `media bill-card ${done ? "done" : bill.state}`, click: () => void open() },
    icon(done ? "tick" : bill.waits ? "question" : "bill"),
    h(
      "span",
      { class: "media-words" },
      ...bill.supplies.map((supply) => supplyLine(supply, done)),
      h("small", {}, stateWords(bill)),
    ),
  );
}
