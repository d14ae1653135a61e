/** @import { Thread } from "../data/types.js" */
import { loadThread } from "../data/load-thread.js";
import { h, present } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** What stands in place of messages. @param {HTMLElement} place @param {Thread | undefined} thread */
export function drawThreadState(place, thread) {
  const now = stateOf(thread);
  place.hidden = now === "ready";
  if (place.dataset.now === now) return;
  place.dataset.now = now;
  const words = {
    loading: t.thread.loading,
    error: t.thread.failed,
    missing: t.thread.missing,
    empty: t.thread.empty,
    ready: "",
  };
  place.replaceChildren(
    ...present([
      h("p", {}, words[now]),
      now === "error" && h("button", { type: "button", class: "button", click: () => void loadThread() }, t.list.retry),
    ]),
  );
}

/** @param {Thread | undefined} thread */
function stateOf(thread) {
  if (thread?.status !== "ready") return thread?.status ?? "loading";
  return thread.messages.size + thread.calls.length + thread.pending.length === 0 ? "empty" : "ready";
}
