create or replace function private.feed_codes(p_conversation_id bigint) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object('message_id', w.message_id, 'code', w.code,
        'conversation', jsonb_build_object('id', c.id, 'name', c.name, 'phone_number', private.phone_of(c.id))) order by w.message_id)
      from private.written_codes w
      join public.whatsapp_messages m on m.id = w.message_id
      join public.conversations c on c.id = w.conversation_id
     where m.conversation_id = p_conversation_id and w.conversation_id <> p_conversation_id), '[]');
end
$$;
comment on function private.feed_codes is
  'Codes of other customers'' calls that this one has written, as long as staff have not decided about them.';
revoke execute on function private.feed_codes from public;
