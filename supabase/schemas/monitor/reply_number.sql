create or replace function private.reply_number(p_conversation_id bigint) returns text
language plpgsql stable set search_path = '' as $$
begin
  return coalesce(
    (select m.phone_number from public.whatsapp_messages m
      where m.conversation_id = p_conversation_id and m.direction = 'incoming' and m.phone_number is not null
      order by m.id desc limit 1),
    -- One that staff have entered works; the one that was dialled may be a landline.
    (select n.address from public.conversation_numbers n
      where n.conversation_id = p_conversation_id and n.known_by = 'staff' and left(n.address, 1) = '+'
      order by n.created_at desc limit 1),
    private.phone_of(p_conversation_id));
end
$$;
comment on function private.reply_number is
  'The number to which an answer to a customer goes: the one that wrote last. Null while only a LID is known.';
revoke execute on function private.reply_number from public;
