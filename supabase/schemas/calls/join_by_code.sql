create or replace function private.join_by_code(p_message_id bigint, p_code text, p_customer bigint) returns void
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
  v_phones text[];
begin
  select * into m from public.whatsapp_messages where id = p_message_id;
  if p_customer is null then
    return;
  end if;
  insert into private.written_codes (message_id, code, conversation_id) values (m.id, p_code, p_customer)
  on conflict (message_id) do update set conversation_id = excluded.conversation_id;
  if p_customer = m.conversation_id then
    return;
  elsif private.is_known(m.conversation_id) then
    -- An accountant writes for three farms: the thread shows it.
    update public.conversations set updated_at = clock_timestamp() where id = m.conversation_id;
  else
    if m.phone_number is null then
      -- Who has one number writes from that one.
      v_phones := array(select address from public.conversation_numbers where conversation_id = p_customer and left(address, 1) = '+');
      perform private.note_written(v_phones) where cardinality(v_phones) = 1;
    end if;
    update public.conversation_numbers set known_by = 'code' where conversation_id = m.conversation_id;
    perform private.merge_customers(greatest(m.conversation_id, p_customer), least(m.conversation_id, p_customer));
  end if;
end
$$;
comment on function private.join_by_code is
  'Somebody has written with the code of this customer''s call: if nobody knows who it is, it is the customer; else staff decide. The caller holds the locks of both.';
revoke execute on function private.join_by_code from public;
