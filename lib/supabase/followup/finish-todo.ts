import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";
import { Todo } from "./todo.ts";

const Acted = z.union([
  z.object({ todo: z.array(Todo) }),
  z.object({ error: z.enum(["not_found", "not_possible"]), status: z.string().optional() }),
]);

/** Says that what a worklist says about a customer is done, as the signed-in person. Returns what is left. */
export async function finishTodo(client: Supabase, conversationId: number, todo: Todo["todo"]) {
  return Acted.parse(await rpc(client, "finish_todo", { p_conversation_id: conversationId, p_todo: todo }));
}
