create or replace function private.feed_bills(p_conversation_id bigint) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', b.id, 'type', b.type, 'at', coalesce(b.message_at, b.created_at),
      'file_name', coalesce(b.media ->> 'fileName', b.media ->> 'title'), 'size', b.media_size, 'pages', b.media_pages)
      order by b.id desc), '[]')
    from (select * from public.whatsapp_messages m
           where m.conversation_id = p_conversation_id and m.is_bill and m.media_state = 'stored'
           order by m.id desc limit 100) b);
end
$$;
comment on function private.feed_bills is
  'The bill files of a customer that are kept, newest first.';
revoke execute on function private.feed_bills from public;
