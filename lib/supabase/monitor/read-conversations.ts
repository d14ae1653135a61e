import { z } from "zod/v3";
import type { CaseSummary } from "../cases/case.ts";
import { rpc, type Supabase } from "../client.ts";
import type { Todo } from "../followup/todo.ts";
import { Counts, FeedConversation, MonitorState } from "./feed.ts";

const Page = MonitorState.extend({
  /** Where the polls begin: see read-feed.ts. */
  cursor: z.string(),
  conversations: z.array(FeedConversation),
  /** Send it as `before` to get the next page; null if this is the last one. */
  next: z.string().nullable(),
  counts: Counts,
});
export type ConversationPage = z.infer<typeof Page>;

export type ConversationFilter = {
  state: FeedConversation["state"] | null;
  /** Words of a name, a number or a message. */
  q: string | null;
  /** Whether customers object to automatic messages, or staff are to decide it; null: all customers. */
  objection: boolean | null;
  /** Whether something that was sent to them never arrived on the phone, as the sender's light counts; null: all customers. */
  undelivered: boolean | null;
  /** The state of the case; to_check: open, and a file waits or a value of a bill does not count yet; null: all customers. */
  case: CaseSummary["state"] | "to_check" | null;
  /** The worklist that the customers are on; null: all customers. */
  todo: Todo["todo"] | null;
};

/** The arguments that a filter stands for: what is not asked for is left out. */
export function filterArguments({ state, q, objection, undelivered, case: ofCase, todo }: ConversationFilter) {
  return {
    ...(state === null ? {} : { p_state: state }),
    ...(q === null ? {} : { p_q: q }),
    ...(objection === null ? {} : { p_objection: objection }),
    ...(undelivered === null ? {} : { p_undelivered: undelivered }),
    ...(ofCase === null ? {} : { p_case: ofCase }),
    ...(todo === null ? {} : { p_todo: todo }),
  };
}

/**
 * A page of the list, newest first.
 *
 * @throws {DatabaseError} with code 22023 if `before` is not one of ours.
 */
export async function readConversations(
  client: Supabase,
  filter: ConversationFilter,
  limit: number,
  before: string | null,
  order: "newest" | "missing" = "newest",
) {
  return Page.parse(
    await rpc(client, "read_conversations", {
      p_limit: limit,
      ...filterArguments(filter),
      ...(before === null ? {} : { p_before: before }),
      ...(order === "newest" ? {} : { p_order: order }),
    }),
  );
}
