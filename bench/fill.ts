import type { LocalDatabase } from "../dev/database.ts";

const CUSTOMERS = 5_000;

// An index is built many times faster than it is kept up to date for a million rows.
const forEachIndex = (statement: string) => `
    do $$ declare i record; begin
      for i in select * from indexes loop execute ${statement}; end loop;
    end $$;`;

/**
 * Fills the database with so many messages of years gone by, in every state but those of the queue, of at most
 * 5,000 customers. The rows' triggers would refresh a conversation for each message: here each is derived once, by the
 * product's own function, and everything is seen.
 */
export async function fillMessages({ exec, query }: LocalDatabase, messages: number): Promise<void> {
  const customers = Math.min(CUSTOMERS, messages);
  await exec(`
    set local maintenance_work_mem = '256MB';
    alter table public.whatsapp_messages disable trigger all;
    create temp table indexes on commit drop as
      select indexname, indexdef from pg_indexes
       where schemaname = 'public' and tablename = 'whatsapp_messages'
         and indexname not in (select conname from pg_constraint where conrelid = 'public.whatsapp_messages'::regclass);
    ${forEachIndex("format('drop index public.%I', i.indexname)")}
    insert into public.conversations (state) select 'none' from generate_series(1, ${customers});
    insert into public.conversation_numbers (address, conversation_id, known_by)
    select '+39333' || lpad((row_number() over (order by id) - 1)::text, 7, '0'), id, 'message' from public.conversations;
    create temp table numbered on commit drop as
      select row_number() over (order by id) - 1 as customer, id from public.conversations;
    insert into public.whatsapp_messages
      (conversation_id, direction, kind, status, phone_number, contact_name, text, error_code, cancelled_by, whatsapp_id, message_at,
       sent_at, created_at)
    select c.id,
      case when incoming then 'incoming' else 'outgoing' end, case when incoming then 'incoming' else 'reply' end, status,
      '+39333' || lpad((n % ${customers})::text, 7, '0'), 'Cliente ' || n % ${customers}, 'Messaggio ' || n || ': le mando la bolletta appena posso',
      case status when 'failed' then 'not_on_whatsapp' when 'unknown' then 'no_answer' end,
      case when status = 'cancelled' then 'Anna' end, 'filled-' || n, at, case when not incoming then at end, at
    from (
      select n, n % ${customers} as customer, s.status = 'received' as incoming, s.status,
        now() - interval '1 hour' - (${messages} - n) * interval '30 seconds' as at
      from generate_series(1, ${messages}) n,
        lateral (select (array['received', 'read', 'delivered', 'received', 'sent', 'read', 'failed', 'received', 'cancelled', 'read'])[1 + n % 10] as status) s
    ) t join numbered c using (customer);
    ${forEachIndex("i.indexdef")}
    alter table public.whatsapp_messages enable trigger all;
    analyze public.whatsapp_messages;
    select count(private.refresh_customer(id)::text) from public.conversations;
    update public.conversations set seen_message_id = last_message_id, unread = 0;
  `);
  for (const table of ["whatsapp_messages", "conversations"]) await query(`vacuum analyze public.${table}`);
}

/** A customer of {@link fillMessages}, as SQL takes it. */
export const filledNumber = (n: number) => `+39333${String(n % CUSTOMERS).padStart(7, "0")}`;

/** So many texts that wait to be sent, due at once, each to another customer. */
export async function queueReplies({ exec }: LocalDatabase, count: number): Promise<void> {
  await exec(`
    insert into public.whatsapp_messages (direction, kind, status, phone_number, text, author, due_at)
    select 'outgoing', 'reply', 'queued', '+39333' || lpad((n % ${CUSTOMERS})::text, 7, '0'), 'Risposta ' || n, 'bench', now()
      from generate_series(1, ${count}) n;
  `);
}
