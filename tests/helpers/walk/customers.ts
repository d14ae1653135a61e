import type { World } from "../world.ts";

type Conversation = {
  id: string;
  name: string | null;
  state: string;
  last_message_id: string | null;
  unread: number;
  seen_message_id: string;
  bill_at: string | null;
};
type Message = {
  id: string;
  conversation_id: string;
  direction: string;
  status: string;
  contact_name: string | null;
  media_state: string | null;
  is_bill: boolean;
};
type Call = { id: string; conversation_id: string; answered: boolean; name: string | null };

/** Each customer's row follows from the calls, the messages and staff's marks. Worked out anew here, from the rows alone. */
export async function customersAreRight(world: World): Promise<string[]> {
  const conversations = await world.query<Conversation>(
    "select id::int, name, state, last_message_id::int, unread, seen_message_id::int, bill_at::text from public.conversations where merged_into is null",
  );
  const messages = await world.query<Message>(
    "select id::int, conversation_id::int, direction, status, contact_name, media_state, is_bill from public.whatsapp_messages order by id",
  );
  const calls = await world.query<Call>(
    `select id::int, conversation_id::int, electricity_bill_received as answered, coalesce(contact_name, customer_name, company_name) as name
       from public.cloudtalk_calls order by id`,
  );
  const marks = await world.query<{ conversation_id: string; action: string }>(
    "select conversation_id::int, action from public.staff_actions where action in ('bill_set', 'bill_unset')",
  );
  const broken: string[] = [];
  for (const { id, name, state, last_message_id, unread, seen_message_id, bill_at } of conversations) {
    const mine = messages.filter(({ conversation_id }) => conversation_id === id);
    const its = calls.filter(({ conversation_id }) => conversation_id === id);
    const last = mine.at(-1);
    const expected = {
      name:
        its.findLast((one) => one.name !== null)?.name ??
        mine.findLast((one) => one.contact_name)?.contact_name ??
        null,
      last_message_id: last?.id ?? null,
      unread: mine.filter((one) => one.direction === "incoming" && one.id > seen_message_id).length,
      state: stateOf(bill_at !== null, mine, its),
    };
    const found = { name, last_message_id, unread, state };
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      broken.push(`customer ${id} is ${JSON.stringify(found)} and should be ${JSON.stringify(expected)}`);
    }
    const ofMine = marks.filter(({ conversation_id }) => conversation_id === id).map(({ action }) => action);
    const files = mine.some((one) => one.is_bill && one.media_state !== null);
    if (!ofMine.includes("bill_unset") && (bill_at !== null) !== (files || ofMine.includes("bill_set"))) {
      broken.push(`customer ${id} has bill_at ${bill_at}, files: ${files}, marks: ${ofMine}`);
    }
  }
  return broken;
}

function stateOf(bill: boolean, messages: Message[], calls: Call[]): string {
  if (bill) return "bill";
  if (messages.some(({ status }) => status === "unknown")) return "check";
  if (messages.at(-1)?.status === "failed") return "error";
  if (messages.some(({ direction }) => direction === "incoming") || calls.some(({ answered }) => answered))
    return "answered";
  return messages.some(({ status }) => status !== "cancelled") ? "waiting" : "none";
}
