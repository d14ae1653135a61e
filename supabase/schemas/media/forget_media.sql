create or replace function public.forget_media(p_message_ids bigint[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  perform private.lock_customers('{}', array(select conversation_id from public.whatsapp_messages where id = any (p_message_ids)));
  -- What would lead to them at WhatsApp goes as well.
  perform private.forget_media_keys(webhook_request_id, array_agg(media))
     from public.whatsapp_messages
    where id = any (p_message_ids) and media_state = 'stored' and webhook_request_id is not null
    group by webhook_request_id;
  perform private.forget_quotes(p_message_ids);
  update public.whatsapp_messages set
    media_state = 'deleted', media_path = null, media_thumb_path = null, media_sha256 = null,
    media = media - array['url', 'directPath', 'mediaKey', 'fileSha256', 'fileEncSha256', 'jpegThumbnail']
  where id = any (p_message_ids) and media_state = 'stored';
end
$$;
comment on function public.forget_media is
  'The files of these messages were deleted.';
revoke execute on function public.forget_media from public, anon, authenticated, service_role;
grant execute on function public.forget_media to anon, service_role;
