create or replace function private.todo_items(c public.conversations) returns setof private.todos
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  a public.whatsapp_messages;
  m public.whatsapp_messages;
  v_wanted boolean := c.objected_at is null and c.bill_at is null and c.case_state in ('none', 'open');
begin
  return query select i.* from private.todo_answers(c) i;
  return query
    select c.id, 'bills', 'to_confirm', max(f.created_at), max(f.created_at), null::timestamptz, null::date, max(f.id)
      from public.whatsapp_messages f join public.bills b on b.message_id = f.id
     where f.conversation_id = c.id and f.is_bill and f.media_state = 'stored' and private.waits_for_staff(b)
    having count(*) > 0;
  if c.case_state = 'complete' then
    return query select c.id, 'other_supplies', 'complete', timestamptz '-infinity', timestamptz '-infinity', null::timestamptz, null::date, null::bigint;
  end if;
  if c.objected_at is not null then
    return;
  end if;
  select * into a from public.whatsapp_messages
   where conversation_id = c.id and kind = 'ask' and status <> 'cancelled' order by id desc limit 1;
  if v_wanted and (a.status = 'failed' and a.error_code = 'not_on_whatsapp' or a.status in ('queued', 'failed') and a.phone_number like '+390%')
     and not exists (select from public.whatsapp_messages i where i.conversation_id = c.id and i.direction = 'incoming') then
    return query select c.id, 'not_reachable', case when a.phone_number like '+390%' then 'landline' else 'not_on_whatsapp' end,
      coalesce(a.queued_at, a.created_at), coalesce(a.queued_at, a.created_at), null::timestamptz, null::date, a.id;
  end if;
  -- The times of private.never_delivered. Whoever has written since has a telephone that works.
  select * into m from public.whatsapp_messages
   where conversation_id = c.id and direction = 'outgoing' and sent_at is not null order by id desc limit 1;
  if m.status = 'sent' and m.sent_at > now() - interval '30 days' and not exists (
    select from public.whatsapp_messages i where i.conversation_id = c.id and i.direction = 'incoming' and i.created_at > m.sent_at) then
    return query select c.id, 'never_delivered', 'never_delivered', m.sent_at, m.sent_at + interval '48 hours',
      m.sent_at + interval '30 days', null::date, m.id;
  end if;
  if c.case_state in ('none', 'open') then
    return query select i.* from private.todo_reminded(c, a) i;
  end if;
end
$$;
comment on function private.todo_items is
  'What staff are to do for a customer now or once due_at has come, whether they have said that it is done or not. What is on which worklist is decided here and in the functions that it calls.';
revoke execute on function private.todo_items from public;
