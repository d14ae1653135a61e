const KEPT_AS = "monitor.drafts";

/** @type {Record<string, string> | null} what was begun, by the conversation's id */
let drafts = null;

/** @returns {Record<string, string>} */
function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "{}");
  } catch {
    return {};
  }
}

/** What was begun in a conversation. @param {number | null} id */
export function draftOf(id) {
  drafts ??= read();
  return id === null ? "" : (drafts[id] ?? "");
}

/**
 * Each conversation keeps what was begun, also when the page is loaded again.
 *
 * @param {number | null} id
 * @param {string} text
 */
export function keepDraft(id, text) {
  if (id === null) return;
  drafts ??= read();
  if (text) drafts[id] = text;
  else delete drafts[id];
  try {
    sessionStorage.setItem(KEPT_AS, JSON.stringify(drafts));
  } catch {
    // It is kept as long as the page is.
  }
}

/** The next person at this computer finds nothing. */
export function forgetDrafts() {
  try {
    sessionStorage.removeItem(KEPT_AS);
  } catch {
    // There is nothing then.
  }
}
