create or replace function private.advance_message(
  p_message_id bigint, p_status text, p_error_code text default null, p_error text default null,
  p_whatsapp_id text default null, p_wasender_id text default null
) returns boolean
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
  t public.whatsapp_messages;
  v_status text;
begin
  select * into m from public.whatsapp_messages where id = p_message_id for update;
  for t in
    select * from public.whatsapp_messages
     where direction = 'outgoing' and id <> m.id and (whatsapp_id = p_whatsapp_id or wasender_id = p_wasender_id) for update
  loop
    if t.kind = 'manual' and m.kind <> 'manual' then
      -- Its echo was taken for one typed on the phone: the two are one. The id is proof, also under a LID, or under
      -- another number (WhatsApp knows Mexican mobiles by an older form).
      delete from public.whatsapp_messages where id = t.id;
      if t.phone_number is null and m.phone_number is not null then
        perform private.learn_lid(t.lid, m.phone_number);
      elsif t.conversation_id <> m.conversation_id then
        perform private.merge_customers(
          greatest(t.conversation_id, m.conversation_id), least(t.conversation_id, m.conversation_id));
      end if;
      p_whatsapp_id := coalesce(p_whatsapp_id, t.whatsapp_id);
      p_wasender_id := coalesce(p_wasender_id, t.wasender_id);
      if private.status_rank(t.status) between private.status_rank(p_status) + 1 and 5 then p_status := t.status; end if;
      -- Learning whose it is may have joined more to it.
      select * into m from public.whatsapp_messages where id = m.id;
    else
      -- The id is another message's.
      if t.whatsapp_id = p_whatsapp_id then p_whatsapp_id := null; end if;
      if t.wasender_id = p_wasender_id then p_wasender_id := null; end if;
    end if;
  end loop;
  v_status := private.next_status(m.status, p_status);
  if v_status = m.status
     and (p_whatsapp_id is null or m.whatsapp_id is not null)
     and (p_wasender_id is null or m.wasender_id is not null) then
    return false;
  end if;
  if m.status = 'cancelled' and v_status <> 'cancelled' and m.kind = 'ask' then
    -- It was sent all the same. Another one of its call is not needed; if that has left too, the call has only that
    -- one.
    update public.whatsapp_messages set status = 'cancelled', cancelled_by = 'decision', error_code = 'duplicate_call'
     where call_id = m.call_id and kind = 'ask' and status = 'queued';
    if exists (select from public.whatsapp_messages where call_id = m.call_id and kind = 'ask' and status <> 'cancelled') then
      m.call_id := null;
    end if;
  end if;
  update public.whatsapp_messages set
    status = v_status,
    call_id = m.call_id,
    cancelled_by = case when v_status = 'cancelled' then cancelled_by end,
    error_code = case when v_status = m.status then error_code when v_status = 'failed' then coalesce(p_error_code, 'delivery_failed') end,
    error = case when v_status = m.status then error when v_status = 'failed' then p_error end,
    whatsapp_id = coalesce(whatsapp_id, p_whatsapp_id),
    wasender_id = coalesce(wasender_id, p_wasender_id),
    info_at = case when coalesce(whatsapp_id, p_whatsapp_id) is null and v_status <> 'failed' then
      coalesce(info_at, case when info_attempts = 0 then clock_timestamp() + interval '30 seconds' end) end,
    sent_at = case when v_status in ('sent', 'delivered', 'read') then coalesce(sent_at, clock_timestamp()) else sent_at end,
    delivered_at = case when v_status in ('delivered', 'read') then coalesce(delivered_at, clock_timestamp()) else delivered_at end,
    read_at = case when v_status = 'read' then coalesce(read_at, clock_timestamp()) else read_at end
  where id = p_message_id;
  if v_status = 'failed' and m.status <> 'failed' then
    perform private.guard_failure(m, p_error_code);
  elsif v_status in ('delivered', 'read') then
    perform private.guard_delivery(m);
  end if;
  return true;
end
$$;
comment on function private.advance_message is
  'Evidence about a message that has left: its ids, and a state that may only move forward. Returns whether anything changed. The caller holds the keys of the ids and the customers of the messages that carry them.';
revoke execute on function private.advance_message from public;
