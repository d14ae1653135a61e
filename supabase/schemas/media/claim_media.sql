create or replace function public.claim_media(p_lease_ms integer, p_max_attempts integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  perform private.authorize();
  -- Each function that fetched it died: the file itself may be the cause.
  update public.whatsapp_messages set
    media_state = 'failed', media_error = coalesce(media_error, 'gave_up'), media_due_at = null, media_lease_token = null
  where id in (
    select id from public.whatsapp_messages
     where media_state = 'pending' and media_due_at <= now() and media_attempts >= p_max_attempts
     limit 100 for update skip locked);
  select * into m from public.whatsapp_messages
   where media_state = 'pending' and media_due_at <= now() and media_attempts < p_max_attempts
   order by media_due_at limit 1 for update skip locked;
  if m.id is null then
    return jsonb_build_object('message', null);
  end if;
  update public.whatsapp_messages set
    media_attempts = media_attempts + 1,
    media_lease_token = gen_random_uuid(),
    media_due_at = clock_timestamp() + p_lease_ms * interval '1 ms'
  where id = m.id
  returning * into m;
  return jsonb_build_object('message', jsonb_build_object(
    'id', m.id, 'lease_token', m.media_lease_token, 'attempts', m.media_attempts, 'type', m.type, 'media', m.media,
    'folder', private.media_folder(coalesce(m.phone_number, m.lid)) || '/'
      || to_char(coalesce(m.message_at, m.created_at) at time zone 'Europe/Rome', 'YYYY-MM')));
end
$$;
comment on function public.claim_media is
  'Takes the next file that is to be fetched. Returns { message: { id, lease_token, attempts, type, media, folder } | null }.';
revoke execute on function public.claim_media from public, anon, authenticated, service_role;
grant execute on function public.claim_media to anon, service_role;
