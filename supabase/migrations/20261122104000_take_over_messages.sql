-- The previous system kept WhatsApp messages as rows of webhook_requests. From here on they are messages, so that the
-- monitor goes on showing them; the rows that they come from stay as they are.

-- Their triggers would refresh a conversation for each row; once for each customer, at the end, is enough.
alter table public.whatsapp_messages disable trigger whatsapp_messages_conversation;

insert into public.whatsapp_messages
  (direction, kind, status, phone_number, type, text, whatsapp_id, message_at, sent_at, created_at, updated_at, webhook_request_id, call_id)
select
  case when m.sent then 'outgoing' else 'incoming' end,
  case when m.sent then 'manual' else 'incoming' end,
  case when m.sent then 'sent' else 'received' end,
  m.phone_number, 'text', m.text, m.whatsapp_id, m.at, case when m.sent then m.at end, m.at, m.at, m.id,
  (select max(k.id) from public.cloudtalk_calls k where k.phone_number = m.phone_number and k.created_at <= m.at)
from (
  select distinct on (coalesce(r.body ->> 'id', r.id::text)) r.id, f.sent, f.phone_number, r.body ->> 'text' as text,
    case when not f.sent then coalesce(r.body ->> 'id', 'webhook:' || r.id) end as whatsapp_id,
    coalesce(r."timestamp", r.created_at, now()) as at
  from public.webhook_requests r
  cross join lateral (
    select r.path = '/api/send-whatsapp' or r.body ->> 'from_me' = 'true' as sent,
      private.legacy_phone_to_e164(split_part(coalesce(r.body ->> 'phone_number',
        case when r.body ->> 'from_me' = 'true' then r.body ->> 'to' end, r.body ->> 'from', r.body ->> 'to'), '@', 1)) as phone_number
  ) f
  where r.source = 'legacy' and r.path in ('/api/send-whatsapp', '/api/whatsapp-webhook')
    and jsonb_typeof(r.body) = 'object' and r.body ? 'from_me' and f.phone_number is not null
    and not exists (select from public.whatsapp_messages w where w.webhook_request_id = r.id)
  order by coalesce(r.body ->> 'id', r.id::text), r.id
) m
order by m.at
on conflict do nothing;

alter table public.whatsapp_messages enable trigger whatsapp_messages_conversation;

do $$
begin
  perform private.refresh_conversation(p.phone_number, null)
    from (select distinct phone_number from public.whatsapp_messages where webhook_request_id is not null and phone_number is not null
           and webhook_request_id in (select id from public.webhook_requests where source = 'legacy')) p;
  -- What was there before is no news.
  update public.conversations c set seen_message_id = coalesce(c.last_message_id, 0), unread = 0
   where c.unread > 0 and not exists (
     select from public.whatsapp_messages w join public.webhook_requests r on r.id = w.webhook_request_id
      where w.phone_number = c.phone_number and w.direction = 'incoming' and r.source <> 'legacy');
end
$$;
