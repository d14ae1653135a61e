create or replace function private.apply_outgoing(p_event jsonb, p_request_id bigint) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_phone text := p_event ->> 'phone_number';
  v_lid text := p_event ->> 'lid';
  v_whatsapp_id text := p_event ->> 'whatsapp_id';
  v_wasender_id text := p_event ->> 'wasender_id';
  v_at timestamptz := (p_event ->> 'message_at')::timestamptz;
  v_conversation_id bigint;
  m public.whatsapp_messages;
begin
  if v_phone is null then
    select phone_number into v_phone from public.whatsapp_lids where lid = v_lid;
  end if;
  select * into m from public.whatsapp_messages where id = private.find_outgoing(p_event, v_phone);
  if m.id is not null then
    if v_lid is not null and m.phone_number is not null and private.customer_of(v_lid) is distinct from m.conversation_id then
      -- The echo of our own message shows which customer the LID belongs to.
      perform private.learn_lid(v_lid, m.phone_number);
    end if;
    if not private.advance_message(m.id, p_event ->> 'status', null, null, v_whatsapp_id, v_wasender_id) then
      return false;
    end if;
    perform private.apply_kept_receipt(m.id, v_whatsapp_id, v_wasender_id);
    return true;
  end if;

  -- We did not send it: it was typed on the phone itself.
  if v_whatsapp_id is null or (v_phone is null and v_lid is null) then return false; end if;
  if v_lid is not null and v_phone is not null then
    perform private.learn_lid(v_lid, v_phone);
  elsif v_lid is not null then
    insert into public.whatsapp_lids (lid) values (v_lid) on conflict do nothing;
  end if;
  v_conversation_id := private.make_customer(v_phone, v_lid, 'message');
  insert into public.whatsapp_messages
    (conversation_id, direction, kind, status, phone_number, lid, type, text, media, whatsapp_id, wasender_id, message_at,
     sent_at, webhook_request_id, call_id)
  values
    (v_conversation_id, 'outgoing', 'manual', p_event ->> 'status', v_phone, v_lid, p_event ->> 'type', p_event ->> 'text',
     nullif(p_event -> 'media', 'null'), v_whatsapp_id, v_wasender_id, v_at, coalesce(v_at, clock_timestamp()), p_request_id,
     private.last_call(v_conversation_id))
  on conflict do nothing
  returning * into m;
  if m.id is null then return false; end if;
  perform private.apply_kept_receipt(m.id, v_whatsapp_id, v_wasender_id);
  return true;
end
$$;
revoke execute on function private.apply_outgoing from public;
