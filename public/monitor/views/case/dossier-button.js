/** @import { Case, Message, Thread } from "../../data/types.js" */
import { mediaAddress, readThread } from "../../data/api.js";
import { currentConversation } from "../../data/store.js";
import { h, setText } from "../../lib/dom.js";
import { dossierFiles } from "../../lib/dossier.js";
import { t } from "../../lib/i18n.js";
import { openDialog } from "../../lib/open-dialog.js";
import { who } from "../../lib/text.js";
import { toast } from "../toast.js";
import { summaryPage } from "./summary-page.js";

// Not named where a bundler or a type checker would look for it: it is a file of this site.
const CLIENT_ZIP = "/vendor/client-zip.js";
const PAGE = 200;

/** All bills of a customer in one ZIP, made here: no file goes through our server. @param {Thread} thread @param {Case} theCase */
export async function downloadDossier(thread, theCase) {
  const conversation = currentConversation();
  if (!conversation) return;
  const stop = new AbortController();
  const bar = h("progress", { max: 1, value: 0, "aria-labelledby": "dossier-words" });
  const words = h("p", { id: "dossier-words", role: "status" });
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-label": t.case.dossier },
    h("h2", {}, t.case.dossier),
    words,
    bar,
    h(
      "div",
      { class: "dialog-buttons" },
      h("button", { type: "button", class: "button", click: () => dialog.close() }, t.case.cancel),
    ),
  );
  document.body.append(dialog);
  void openDialog(dialog).then(() => stop.abort());
  try {
    const files = dossierFiles(await allMessages(thread.id, stop.signal));
    if (files.length === 0) return toast(t.case.noBills);
    /** @type {typeof import("client-zip")} */
    const { downloadZip } = await import(CLIENT_ZIP);
    const parts = async function* () {
      const lastModified = new Date();
      yield { name: "riepilogo.html", input: summaryPage(theCase, conversation, files), lastModified };
      yield {
        name: "riepilogo.csv",
        input: await fetch(`/api/bills?format=csv&conversation_id=${thread.id}`, { signal: stop.signal }),
      };
      for (const [done, { message, name }] of files.entries()) {
        setText(words, t.case.packing(done, files.length));
        bar.value = done / files.length;
        yield { name, input: await fileOf(message.id, stop.signal), lastModified: new Date(message.created_at) };
      }
    };
    const zip = await downloadZip(parts()).blob();
    if (stop.signal.aborted) return;
    save(zip, `fascicolo_${theCase.year}_${who(conversation).replace(/[^\p{L}\p{N}]+/gu, "-")}.zip`);
    toast(t.case.packed);
  } catch (error) {
    if (!stop.signal.aborted) toast(t.case.notPacked);
    if (!(error instanceof Error)) throw error;
  } finally {
    dialog.close();
    dialog.remove();
  }
}

/** @param {number} id of the conversation @param {AbortSignal} signal */
async function allMessages(id, signal) {
  /** @type {Message[]} */
  const all = [];
  for (let before = null, more = true; more && !signal.aborted; ) {
    const page = await readThread(id, before, PAGE);
    all.push(...page.messages);
    before = Math.min(...page.messages.map((message) => message.id));
    more = page.more;
  }
  return all;
}

/** @param {number} id of its message @param {AbortSignal} signal */
async function fileOf(id, signal) {
  // What a link to another host's file may not be read for comes through our own.
  const response = await fetch(mediaAddress(id, "file"), { signal }).catch(() =>
    fetch(mediaAddress(id, "bytes"), { signal }),
  );
  if (!response.ok) throw new Error(`The file cannot be had: ${response.status}`);
  return response;
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
