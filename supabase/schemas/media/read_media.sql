create or replace function public.read_media(p_message_id bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  perform private.require_staff();
  select * into m from public.whatsapp_messages where id = p_message_id and media_state is not null;
  if m.id is null then
    return jsonb_build_object('state', 'none');
  end if;
  return jsonb_strip_nulls(jsonb_build_object(
    'state', m.media_state, 'error', m.media_error, 'path', m.media_path, 'thumb_path', m.media_thumb_path,
    'mime_type', m.media_mime_type, 'file_name', coalesce(m.media ->> 'fileName', m.media ->> 'title'),
    'received_at', m.created_at));
end
$$;
comment on function public.read_media is
  'The place of a message''s file, for staff. Returns { state: none|pending|stored|failed|deleted, error, path, thumb_path, mime_type, file_name, received_at }.';
revoke execute on function public.read_media from public, anon, authenticated, service_role;
grant execute on function public.read_media to authenticated, service_role;
