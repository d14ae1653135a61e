create or replace function private.apply_incoming(p_event jsonb, p_request_id bigint) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_phone text := p_event ->> 'phone_number';
  v_lid text := p_event ->> 'lid';
  v_at timestamptz := (p_event ->> 'message_at')::timestamptz;
  v_conversation_id bigint;
  v_old public.whatsapp_messages;
  -- With the word itself, any index of incoming messages would do while the table is small, and that plan is kept.
  v_direction text := 'incoming';
begin
  select * into v_old from public.whatsapp_messages
   where direction = v_direction and whatsapp_id = p_event ->> 'whatsapp_id' for update;
  -- Of a message's events one may know the LID and another one the number.
  v_phone := coalesce(v_old.phone_number, v_phone);
  v_lid := coalesce(v_old.lid, v_lid);
  if v_lid is not null and v_phone is not null then
    perform private.learn_lid(v_lid, v_phone);
  elsif v_lid is not null then
    insert into public.whatsapp_lids (lid) values (v_lid) on conflict do nothing;
    select phone_number into v_phone from public.whatsapp_lids where lid = v_lid;
  end if;
  v_conversation_id := coalesce(private.customer_of(coalesce(v_phone, v_lid)), private.make_customer(v_phone, v_lid, 'message'));

  if v_old.id is null then
    insert into public.whatsapp_messages
      (conversation_id, direction, kind, status, phone_number, lid, contact_name, type, text, media, whatsapp_id,
       quoted_whatsapp_id, message_at, webhook_request_id, call_id)
    values
      (v_conversation_id, 'incoming', 'incoming', 'received', v_phone, v_lid, p_event ->> 'contact_name', p_event ->> 'type',
       p_event ->> 'text', nullif(p_event -> 'media', 'null'), p_event ->> 'whatsapp_id', p_event ->> 'quoted_whatsapp_id', v_at,
       p_request_id, private.last_call(v_conversation_id));
    if found then
      perform private.mark_answered(v_conversation_id, v_at);
    end if;
    return found;
  end if;

  -- Known already; this event may know more.
  if v_old.media is not null and p_event ->> 'media' is not null and p_request_id is distinct from v_old.webhook_request_id then
    -- The webhook that brought the file keeps what leads to it; a repeat need not.
    perform private.forget_media_keys(p_request_id, p_event -> 'media');
  end if;
  if (v_old.phone_number is null and v_phone is not null)
     or (v_old.lid is null and v_lid is not null)
     or (v_old.text is null and p_event ->> 'text' is not null)
     or (v_old.contact_name is null and p_event ->> 'contact_name' is not null)
     or (v_old.media is null and p_event ->> 'media' is not null) then
    update public.whatsapp_messages set
      phone_number = coalesce(phone_number, v_phone),
      lid = coalesce(lid, v_lid),
      text = coalesce(text, p_event ->> 'text'),
      contact_name = coalesce(contact_name, p_event ->> 'contact_name'),
      media = coalesce(media, nullif(p_event -> 'media', 'null')),
      webhook_request_id = case when media is null and p_event ->> 'media' is not null then p_request_id else webhook_request_id end,
      type = case when media is null and p_event ->> 'media' is not null then p_event ->> 'type' else type end,
      call_id = coalesce(call_id, private.last_call(v_conversation_id))
    where id = v_old.id;
    perform private.mark_answered(v_conversation_id, coalesce(v_old.message_at, v_at, v_old.created_at));
    return true;
  end if;
  return false;
end
$$;
revoke execute on function private.apply_incoming from public;
