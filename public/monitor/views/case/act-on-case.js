/** @import { CaseAction } from "../../../../lib/supabase/cases/act-on-case.ts" */
import { act } from "../../data/api.js";
import { changed, store } from "../../data/store.js";
import { t } from "../../lib/i18n.js";
import { refresh, tryTo } from "../actions.js";
import { toast } from "../toast.js";

/**
 * Says something of the open customer's case, which is drawn anew at once. Returns whether it worked.
 * @param {CaseAction | { action: "done", conversation_id: number, todo: "other_supplies" }
 *   | { action: "reminders", conversation_id: number, paused_until: string | null }
 *   | { action: "reminder_texts", texts: (string | null)[] }} action
 */
export async function actOnCase(action) {
  const of = store.threads.get(store.open ?? -1);
  const done = await tryTo(async () => {
    const answer = await (await act(action)).json();
    if (of && answer.case) of.case = answer.case;
  });
  if (!done) return false;
  toast(t.case.done);
  changed("thread");
  refresh();
  return true;
}
