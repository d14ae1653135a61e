create or replace function private.feed_message(m public.whatsapp_messages) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', m.id, 'conversation_id', m.conversation_id, 'direction', m.direction, 'kind', m.kind,
    'phone_number', m.phone_number, 'contact_name', m.contact_name, 'type', m.type, 'text', m.text, 'status', m.status,
    'error_code', m.error_code, 'error', m.error, 'author', m.author, 'hold', private.feed_hold(m),
    'media', case when m.media is not null then jsonb_build_object(
      -- For staff, a deleted file is one that is not available.
      'state', case m.media_state when 'deleted' then 'failed' else m.media_state end,
      'file_name', coalesce(m.media ->> 'fileName', m.media ->> 'title'),
      'mime_type', coalesce(m.media_mime_type, m.media ->> 'mimetype'),
      'size', coalesce(to_jsonb(m.media_size), m.media -> 'fileLength'),
      'pages', coalesce(to_jsonb(m.media_pages), m.media -> 'pageCount'),
      'error', case m.media_state when 'deleted' then 'deleted' else m.media_error end) end,
    'bill', private.feed_bill(m),
    'label', case when m.label is not null then
      jsonb_build_object('value', m.label, 'date', m.label_date, 'by', m.label_by) end,
    'message_at', coalesce(m.message_at, m.sent_at), 'created_at', m.created_at, 'updated_at', m.updated_at, 'call_id', m.call_id);
end
$$;
comment on function private.feed_message is
  'A message as the monitor gets it (FeedMessage in lib/supabase/monitor/feed.ts).';
revoke execute on function private.feed_message from public;
