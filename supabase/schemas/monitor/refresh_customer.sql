create or replace function private.refresh_customer(p_id bigint, p_last boolean default false) returns void
language plpgsql set search_path = '' as $$
declare
  c public.conversations;
  l public.whatsapp_messages;
  v_name text;
  v_last_call timestamptz;
begin
  select * into c from public.conversations where id = p_id for update;
  select * into l from public.whatsapp_messages where conversation_id = p_id order by id desc limit 1;
  select k.created_at into v_last_call from public.cloudtalk_calls k where k.conversation_id = p_id order by k.id desc limit 1;
  select coalesce(
    (select coalesce(k.contact_name, k.customer_name, k.company_name) from public.cloudtalk_calls k
      where k.conversation_id = p_id and coalesce(k.contact_name, k.customer_name, k.company_name) is not null
      order by k.id desc limit 1),
    (select m.contact_name from public.whatsapp_messages m
      where m.conversation_id = p_id and m.contact_name is not null order by m.id desc limit 1))
  into v_name;
  -- The CASE looks only as far as it has to. Also if nothing of this differs: the list shows the last message's state
  -- too.
  update public.conversations set
    name = v_name,
    last_message_id = l.id,
    last_at = coalesce(greatest(l.created_at, v_last_call), c.last_at),
    unread = (
      select count(*) from public.whatsapp_messages m
       where m.conversation_id = p_id and m.direction = 'incoming' and m.id > c.seen_message_id),
    state = case
      when c.bill_at is not null then 'bill'
      when exists (select from public.whatsapp_messages m where m.conversation_id = p_id and m.status = 'unknown') then 'check'
      when l.direction = 'outgoing' and l.status = 'failed' then 'error'
      when exists (select from public.whatsapp_messages m where m.conversation_id = p_id and m.direction = 'incoming')
        or exists (select from public.cloudtalk_calls k where k.conversation_id = p_id and k.electricity_bill_received)
        then 'answered'
      when exists (
        select from public.whatsapp_messages m
         where m.conversation_id = p_id and m.direction = 'outgoing' and m.status <> 'cancelled') then 'waiting'
      else 'none' end,
    case_year = coalesce(c.case_year, private.case_year(p_id)),
    refreshed_xid = case when p_last then pg_current_xact_id() end
  where id = p_id;
  perform private.refresh_todos(p_id);
  perform private.refresh_reminder(p_id);
end
$$;
comment on function private.refresh_customer is
  'Derives a customer''s row again from the calls and messages. p_last: nothing of this transaction will change them any more.';
revoke execute on function private.refresh_customer from public;
