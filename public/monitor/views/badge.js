/** @import { Conversation } from "../data/types.js" */
import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { isNeverDelivered } from "../lib/never-delivered.js";
import { progress } from "../lib/progress.js";

/** The one word of a conversation in the list: what matters most. @param {Conversation} conversation */
export function badge(conversation) {
  const { last, last_at, objection, objection_asked } = conversation;
  if (last && isNeverDelivered(last, last_at)) {
    return h("span", { class: "badge state-error", title: t.lights.neverHelp }, t.lights.never);
  }
  if (objection_asked) return h("span", { class: "badge state-check" }, t.objection.askedBadge);
  if (objection !== null) return h("span", { class: "badge objects" }, t.objection.badge);
  return stateBadge(conversation);
}

/** What is owed; of bills how far the case is. @param {Conversation} conversation */
export const stateBadge = ({ state, case: ofCase }) =>
  h("span", { class: `badge state-${state}` }, state === "bill" ? progress(ofCase) : t.states[state]);
