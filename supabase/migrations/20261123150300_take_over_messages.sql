-- Customers of the calls that were here before, and the WhatsApp messages that the previous system kept as rows of
-- webhook_requests: from here on they are messages, so that the monitor goes on showing them. The rows that they come from
-- stay as they are.
--
-- Triggers would derive a customer's row for each of these; once for each customer, at the end, is enough.
alter table public.cloudtalk_calls disable trigger cloudtalk_calls_conversation_updated;
alter table public.whatsapp_messages disable trigger whatsapp_messages_conversation;

create temporary table old_messages as
select distinct on (coalesce(r.body ->> 'id', r.id::text)) r.id, f.sent, f.phone_number, r.body ->> 'text' as text,
  case when not f.sent then coalesce(r.body ->> 'id', 'webhook:' || r.id) end as whatsapp_id,
  coalesce(r."timestamp", r.created_at, now()) as at
from public.webhook_requests r
cross join lateral (
  select r.path = '/api/send-whatsapp' or r.body ->> 'from_me' = 'true' as sent,
    public.legacy_phone_to_e164(split_part(coalesce(r.body ->> 'phone_number',
      case when r.body ->> 'from_me' = 'true' then r.body ->> 'to' end, r.body ->> 'from', r.body ->> 'to'), '@', 1)) as phone_number
) f
where r.source = 'legacy' and r.path in ('/api/send-whatsapp', '/api/whatsapp-webhook')
  and jsonb_typeof(r.body) = 'object' and r.body ? 'from_me' and f.phone_number is not null
order by coalesce(r.body ->> 'id', r.id::text), r.id;

do $$
declare
  v_first bigint;
begin
  create temporary table old_customers as
    select row_number() over (order by phone_number) as n, phone_number
      from (select phone_number from public.cloudtalk_calls where phone_number is not null
            union select phone_number from old_messages) p;
  insert into public.conversations (state) select 'none' from old_customers order by n;
  select coalesce(min(id), 1) into v_first from public.conversations;
  insert into public.conversation_numbers (address, conversation_id, known_by)
  select phone_number, v_first + n - 1, 'legacy' from old_customers;
end
$$;

update public.cloudtalk_calls k set conversation_id = n.conversation_id
  from public.conversation_numbers n
 where n.address = k.phone_number and k.conversation_id is null;

insert into public.whatsapp_messages
  (conversation_id, direction, kind, status, phone_number, type, text, whatsapp_id, message_at, sent_at, created_at, updated_at,
   webhook_request_id, call_id)
select
  n.conversation_id,
  case when m.sent then 'outgoing' else 'incoming' end,
  case when m.sent then 'manual' else 'incoming' end,
  case when m.sent then 'sent' else 'received' end,
  m.phone_number, 'text', m.text, m.whatsapp_id, m.at, case when m.sent then m.at end, m.at, m.at, m.id,
  (select max(k.id) from public.cloudtalk_calls k where k.phone_number = m.phone_number and k.created_at <= m.at)
from old_messages m join public.conversation_numbers n on n.address = m.phone_number
order by m.at
on conflict do nothing;

set constraints all immediate;
alter table public.cloudtalk_calls enable trigger cloudtalk_calls_conversation_updated;
alter table public.whatsapp_messages enable trigger whatsapp_messages_conversation;

do $$
begin
  perform private.refresh_customer(id) from public.conversations;
  -- What was there before is no news.
  update public.conversations set seen_message_id = coalesce(last_message_id, 0), unread = 0 where unread > 0;
  -- Of this product's first version: colleagues, accepted secrets, and whom it erased.
  if to_regnamespace('first_version') is not null then
    insert into public.staff (user_id, name, added_at) select user_id, name, added_at from first_version.staff;
    insert into private.app_secrets (hash, added_at) select hash, added_at from first_version.app_secrets;
    insert into private.erased_messages (message_id, erased_at) select message_id, erased_at from first_version.erased_messages;
  end if;
end
$$;

drop table old_messages, old_customers;
drop function public.legacy_phone_to_e164(text);
