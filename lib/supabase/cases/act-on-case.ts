import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";
import { Case } from "./case.ts";

const Acted = z.union([
  z.object({ case: Case }),
  z.object({ error: z.enum(["not_found", "not_possible"]), status: z.string().optional() }),
]);

export type CaseAction =
  | { action: "case_year"; conversation_id: number; year: number }
  | { action: "case_pod"; conversation_id: number; pod: string; change: "add" | "remove" }
  | { action: "case_pod_merge"; conversation_id: number; from: string; into: string }
  | { action: "case_supply"; conversation_id: number; pod: string; from: string | null; to: string | null }
  | { action: "case_months"; id: number; pod: string; from: string; to: string }
  | { action: "case_declare"; conversation_id: number; reason: string }
  | { action: "case_reopen"; conversation_id: number };

/** Says something of a customer's case, as the signed-in person. */
export async function actOnCase(client: Supabase, action: CaseAction) {
  return Acted.parse(await rpc(client, "act_on_case", argumentsOf(action)));
}

function argumentsOf(action: CaseAction) {
  if (action.action === "case_months") {
    const { id, pod, from, to } = action;
    return { p_action: action.action, p_message_id: id, p_pod: pod, p_from: from, p_to: to };
  }
  const of = { p_conversation_id: action.conversation_id };
  switch (action.action) {
    case "case_year":
      return { ...of, p_action: action.action, p_year: action.year };
    case "case_pod":
      return { ...of, p_action: `case_pod_${action.change}`, p_pod: action.pod };
    case "case_pod_merge":
      return { ...of, p_action: action.action, p_pod: action.from, p_into: action.into };
    case "case_supply":
      return {
        ...of,
        p_action: action.action,
        p_pod: action.pod,
        ...(action.from === null ? {} : { p_from: action.from }),
        ...(action.to === null ? {} : { p_to: action.to }),
      };
    case "case_declare":
      return { ...of, p_action: action.action, p_reason: action.reason };
    default:
      return { ...of, p_action: action.action };
  }
}
