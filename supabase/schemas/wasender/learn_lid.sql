create or replace function private.learn_lid(p_lid text, p_phone_number text) returns void
language plpgsql set search_path = '' as $$
declare
  v_conversation_id bigint;
begin
  insert into public.whatsapp_lids as l (lid, phone_number) values (p_lid, p_phone_number)
  on conflict (lid) do update set phone_number = excluded.phone_number, updated_at = clock_timestamp()
    where l.phone_number is distinct from excluded.phone_number;
  v_conversation_id := private.make_customer(p_phone_number, p_lid, 'message');
  -- Also the messages that came before the number was known; if there are none, an index says so.
  update public.whatsapp_messages set
    phone_number = p_phone_number,
    call_id = coalesce(call_id, private.last_call(v_conversation_id))
  where lid = p_lid and phone_number is null;
  if found then
    perform private.join_echoes(p_lid, p_phone_number);
    if exists (select from public.whatsapp_messages where lid = p_lid and direction = 'incoming') then
      perform private.note_written(array[p_phone_number]);
    end if;
  end if;
  perform private.confirm_objection(v_conversation_id);
end
$$;
comment on function private.learn_lid is
  'From now on the LID stands for this number, and both are the same customer''s. The caller holds the keys of both.';
revoke execute on function private.learn_lid from public;
