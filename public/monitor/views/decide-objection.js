/** @import { Conversation } from "../data/types.js" */
import { act } from "../data/api.js";
import { currentThread } from "../data/store.js";
import { t } from "../lib/i18n.js";
import { refresh, tryTo } from "./actions.js";
import { askReason } from "./ask-reason.js";
import { toast } from "./toast.js";

/**
 * Staff say whether a customer wants messages, and why.
 * @param {Conversation} conversation @param {boolean} objects
 */
export async function decideObjection(conversation, objects) {
  const { id, objection, objection_asked } = conversation;
  const what = objects ? "set" : objection ? "lift" : "none";
  // What stands already keeps its reason.
  const reason =
    objects && objection
      ? t.objection.keep
      : await askReason(t.objection.ask[what], objection_asked ? lastWords(conversation) : "");
  if (reason === null) return;
  if (await tryTo(() => act({ action: "objection", conversation_id: id, objects, reason })))
    toast(t.objection.done[what]);
  refresh();
}

/** What the customer has written last is mostly the reason. @param {Conversation} conversation */
function lastWords({ last }) {
  const incoming = [...(currentThread()?.messages.values() ?? [])].filter(({ direction }) => direction === "incoming");
  const newest = last?.direction === "incoming" ? last : incoming.sort((a, b) => a.id - b.id).at(-1);
  return newest?.text ? t.objection.wrote(newest.text.slice(0, 200)) : "";
}
