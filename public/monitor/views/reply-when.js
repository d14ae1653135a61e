/** @import { Thread } from "../data/types.js" */
import { currentThread, on, store } from "../data/store.js";
import { timeOf } from "../data/timeline.js";
import { find, setText } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { now } from "../lib/time.js";
import { soonInWords } from "../lib/upcoming.js";

/** Who has written within so long is in a conversation with us: the answer goes at once. */
const RECENT_MS = 24 * 3_600_000;

/**
 * Outside the hours, to somebody who has not written lately: at once, or when the hours begin.
 * @param {HTMLElement} choice
 * @returns {() => "now" | "hours"} what is chosen
 */
export function startReplyWhen(choice) {
  const later = find(choice, 'input[value="hours"]', HTMLInputElement);
  /** @type {number | null} */
  let shown = null;
  on(["open", "thread", "sender"], () => {
    // For each customer it is chosen anew.
    if (shown !== store.open) later.checked = true;
    shown = store.open;
    const { open = true, next_at = null } = store.sender?.hours ?? {};
    const thread = currentThread();
    choice.hidden = open || next_at === null || thread?.status !== "ready" || hasWrittenLately(thread);
    setText(find(choice, "#reply-hours"), t.reply.hours(next_at ? soonInWords(next_at) : ""));
  });
  return () => (!choice.hidden && later.checked ? "hours" : "now");
}

/** @param {Thread} thread */
const hasWrittenLately = ({ messages }) =>
  [...messages.values()].some(
    (message) => message.direction === "incoming" && now() - Date.parse(timeOf(message)) < RECENT_MS,
  );
