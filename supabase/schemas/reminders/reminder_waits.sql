create or replace function private.reminder_waits(c public.conversations) returns table (hold text, until timestamptz)
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  m public.whatsapp_messages;
begin
  -- Words and files, the customer's and our people's.
  return query
    select 'written', max(coalesce(w.message_at, w.sent_at, w.created_at)) + interval '4 days' from public.whatsapp_messages w
     where w.conversation_id = c.id and (w.direction = 'incoming' or (w.kind in ('reply', 'manual') and w.status not in ('cancelled', 'failed')));
  select * into m from public.whatsapp_messages w
   where w.conversation_id = c.id and w.direction = 'incoming' and w.label = 'promise' order by w.id desc limit 1;
  if m.id is not null then
    return query select 'promise', private.after_promise(
      coalesce(m.label_date, (coalesce(m.message_at, m.created_at) at time zone 'Europe/Rome')::date + 7))::timestamp at time zone 'Europe/Rome';
  end if;
  return query select 'paused_until', c.reminders_paused_until::timestamp at time zone 'Europe/Rome';
  return query
    select 'spacing', max(w.sent_at) + interval '72 hours' from public.whatsapp_messages w
     where w.conversation_id = c.id and w.kind in ('ask', 'reminder', 'confirmation') and w.sent_at is not null;
end
$$;
comment on function private.reminder_waits is
  'Until when a customer is left in peace, and why: four days after anybody has written, the day after a promise, staff''s wait, three days after an automatic message.';
revoke execute on function private.reminder_waits from public;
