import type { World } from "../world.ts";
import { customersAreRight } from "./customers.ts";
import type { Stage } from "./stage.ts";

type Rule = { what: string; broken: string };

/** What must never be: each is SQL that finds what breaks it. */
const RULES: Rule[] = [
  {
    what: "a message or a call is in a conversation that is gone or became part of another",
    broken: `
      select 'message', m.id from public.whatsapp_messages m left join public.conversations c on c.id = m.conversation_id
       where c.id is null or c.merged_into is not null
      union all
      select 'call', k.id from public.cloudtalk_calls k left join public.conversations c on c.id = k.conversation_id
       where (k.conversation_id is not null and (c.id is null or c.merged_into is not null))
          or (k.conversation_id is null and k.phone_number is not null)`,
  },
  {
    what: "a number or a LID is another customer's than the message or the call in which it occurs",
    broken: `
      select a.what, a.id, a.address, a.conversation_id, n.conversation_id as of
        from (select 'message' as what, id, phone_number as address, conversation_id from public.whatsapp_messages
              union all select 'message', id, lid, conversation_id from public.whatsapp_messages
              union all select 'call', id, phone_number, conversation_id from public.cloudtalk_calls) a
        left join public.conversation_numbers n on n.address = a.address
       where a.address is not null and n.conversation_id is distinct from a.conversation_id`,
  },
  {
    what: "a LID whose number is known is another customer's, or has messages without the number",
    broken: `
      select l.lid, l.phone_number from public.whatsapp_lids l
        left join public.conversation_numbers a on a.address = l.lid
        left join public.conversation_numbers b on b.address = l.phone_number
       where l.phone_number is not null and (a.conversation_id is distinct from b.conversation_id or a.conversation_id is null
          or exists (select from public.whatsapp_messages m where m.lid = l.lid and m.phone_number is null))`,
  },
  {
    what: "a conversation has neither number nor LID, or became part of a younger one",
    broken: `
      select c.id, c.merged_into from public.conversations c
       where (c.merged_into is null and not exists (select from public.conversation_numbers n where n.conversation_id = c.id))
          or c.merged_into > c.id or (c.merged_into is not null and c.unread > 0)`,
  },
  {
    what: "a call has two asks that are not cancelled",
    broken: `
      select coalesce(k.duplicate_of, k.id) as call, array_agg(m.status) from public.whatsapp_messages m
        join public.cloudtalk_calls k on k.id = m.call_id
       where m.kind = 'ask' and m.status <> 'cancelled'
       group by 1 having count(*) > 1`,
  },
  {
    what: "an ask waits although the bill has come, and nobody wanted it sent again",
    broken: `
      select m.id from public.whatsapp_messages m join public.conversations c on c.id = m.conversation_id
       where m.kind = 'ask' and m.status = 'queued' and c.bill_at is not null
         and not exists (select from public.staff_actions s where s.message_id = m.id and s.action in ('retry', 'resend'))`,
  },
  {
    what: "a message of the program's was claimed for a number that had objected",
    broken: `
      select a.message_id from public.whatsapp_attempts a join public.whatsapp_messages m on m.id = a.message_id
        join private.message_kinds k on k.kind = m.kind and k.automatic
        join public.objections o on m.phone_number = any (o.addresses)
       where a.claimed_at > o.at and (o.lifted_at is null or a.claimed_at < o.lifted_at)`,
  },
  {
    // An objection that an erasure has outlived has no row any more.
    what: "a customer objects and no objection says so, or the other way round",
    broken: `
      select c.id, c.objected_at from public.conversations c
       where c.merged_into is null and (c.objected_at is not null) <> exists (
         select from public.objections o where o.conversation_id = c.id and o.lifted_at is null)
         and (c.objected_at is null or not exists (select from private.objection_hashes))`,
  },
  {
    what: "a message is being sent and no attempt says so",
    broken: `
      select m.id from public.whatsapp_messages m where m.status = 'sending' and not exists (
        select from public.whatsapp_attempts a where a.message_id = m.id and a.lease_token = m.lease_token and a.ended_at is null)`,
  },
  {
    what: "nobody knows of a message whether it was sent, and its last attempt does",
    broken: `
      select m.id from public.whatsapp_messages m where m.status = 'unknown' and (
        select a.outcome from public.whatsapp_attempts a where a.message_id = m.id order by a.id desc limit 1)
        is distinct from 'unknown'`,
  },
  {
    what: "an attempt was taken by Wasender, and its message is shown as if it had not been sent",
    broken: `
      select m.id, m.status from public.whatsapp_attempts a join public.whatsapp_messages m on m.id = a.message_id
       where a.outcome = 'sent' and m.status in ('queued', 'sending', 'unknown', 'cancelled')
         and not exists (select from public.staff_actions s where s.message_id = m.id and s.action = 'retry' and s.at > a.ended_at)`,
  },
  {
    what: "a message was sent, or may have been, and was claimed again although nobody wanted it",
    broken: `
      select a.message_id, a.outcome, b.id from public.whatsapp_attempts a
        join public.whatsapp_attempts b on b.message_id = a.message_id and b.claimed_at > a.ended_at
       where a.outcome in ('sent', 'unknown') and not exists (
         select from public.staff_actions s where s.message_id = a.message_id and s.action in ('retry', 'resend')
            and s.at between a.claimed_at and b.claimed_at)`,
  },
  {
    what: "a state is kept for a message that is there",
    broken: `
      select r.whatsapp_id, r.status, m.id, m.status from public.whatsapp_receipts r
        join public.whatsapp_messages m on m.direction = 'outgoing' and (m.whatsapp_id = r.whatsapp_id or m.wasender_id = r.wasender_id)`,
  },
  {
    what: "a call counts as answered, and nothing answers it",
    broken: `
      select k.id from public.cloudtalk_calls k
       where k.electricity_bill_received and not coalesce(k.stated_bill_received, false) and k.conversation_id is not null
         and not exists (
           select from public.whatsapp_messages m where m.conversation_id = k.conversation_id and m.direction = 'incoming'
              and coalesce(m.message_at, m.created_at) >= coalesce(k.call_start_time, k.created_at - interval '1 hour'))`,
  },
];

const ALL_RULES = RULES.map(
  ({ broken }, n) => `select ${n} as rule, to_jsonb(broken) as row from (${broken}) broken`,
).join(" union all ");

/** What does not hold at this moment, when nothing is under way; empty if all does. */
export async function brokenRules(world: World, stage: Stage): Promise<string[]> {
  const found = await world.query<{ rule: number; row: object }>(ALL_RULES);
  const broken = found.map(({ rule, row }) => `${RULES[rule]?.what}: ${JSON.stringify(row)}`);
  broken.push(...(await customersAreRight(world)));
  broken.push(...(await nothingIsMadeUp(world, stage)));
  return broken;
}

/** What is shown as sent was taken by Wasender, and nobody's thread shows it more often. */
async function nothingIsMadeUp(world: World, { sent, heard, people }: Stage): Promise<string[]> {
  const broken: string[] = [];
  const shown = await world.query<{ id: number; text: string; kind: string; phone: string | null }>(
    `select id::int, text, kind, phone_number as phone from public.whatsapp_messages
      where direction = 'outgoing' and status in ('sent', 'delivered', 'read')`,
  );
  for (const { id } of shown.filter(({ kind }) => kind !== "manual")) {
    if (!sent.some(({ message, accepted }) => accepted && message === id)) {
      broken.push(`message ${id} is shown as sent, and never was`);
    }
  }
  const answered = await world.query<{ call: string; message: string }>(
    `select coalesce(k.call_uuid, k.call_id) as call, m.whatsapp_id as message
       from public.cloudtalk_calls k join public.whatsapp_messages m on m.conversation_id = k.conversation_id
      where m.direction = 'incoming' and not k.electricity_bill_received
        and coalesce(m.message_at, m.created_at) >= coalesce(k.call_start_time, k.created_at - interval '1 hour')`,
  );
  for (const { call, message } of answered) {
    const [from, to] = [heard.get(call), heard.get(message)];
    if (from !== undefined && to !== undefined && from < to) broken.push(`call ${call} is not answered by ${message}`);
  }
  // Whose number is known, and is one: under a LID an echo may stand beside its message until it is.
  for (const { words, phones } of people.filter(({ moved }) => !moved)) {
    const asks = new Map<string, number>();
    for (const { text, phone } of shown) {
      const known = phone === phones.first || phone === phones.second;
      if (known && text.includes(words)) asks.set(text, (asks.get(text) ?? 0) + 1);
    }
    for (const [text, times] of asks) {
      const taken = sent.filter((one) => one.accepted && one.text === text).length;
      if (!text.startsWith("A mano") && times > taken)
        broken.push(`"${text}" is shown ${times} times, and was sent ${taken} times`);
    }
  }
  return broken;
}
