create or replace function public.settle_media(p_message_id bigint, p_lease_token uuid, p_outcome text, p_detail jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  perform private.authorize();
  perform private.lock_customers('{}', array(select conversation_id from public.whatsapp_messages where id = p_message_id));
  select * into m from public.whatsapp_messages where id = p_message_id for update;
  -- The lease is over and another function has it, or the message was erased meanwhile: the stored file may have to go.
  if m.id is null or m.media_state <> 'pending' or m.media_lease_token is distinct from p_lease_token then
    return jsonb_build_object('settled', false, 'keep', m.media_state = 'pending' or m.media_path = p_detail ->> 'path');
  end if;
  if p_outcome = 'stored' then
    update public.whatsapp_messages set
      media_state = 'stored', media_error = null, media_due_at = null, media_lease_token = null,
      media_path = p_detail ->> 'path', media_thumb_path = p_detail ->> 'thumb_path',
      media_mime_type = p_detail ->> 'mime_type', media_size = (p_detail ->> 'size')::integer,
      media_pages = (p_detail ->> 'pages')::integer, media_sha256 = p_detail ->> 'sha256'
    where id = m.id;
  elsif p_outcome = 'failed' or m.media_attempts >= (p_detail ->> 'max_attempts')::integer then
    update public.whatsapp_messages set
      media_state = 'failed', media_error = p_detail ->> 'reason', media_due_at = null, media_lease_token = null
    where id = m.id;
  else
    update public.whatsapp_messages set
      media_error = p_detail ->> 'reason', media_lease_token = null,
      media_due_at = clock_timestamp() + (p_detail ->> 'retry_ms')::integer * interval '1 ms'
    where id = m.id;
  end if;
  return jsonb_build_object('settled', true, 'keep', true);
end
$$;
comment on function public.settle_media is
  'Says what became of a claim: stored, failed, or retry. Returns { settled, keep }; keep is false or null if what was uploaded belongs to no message.';
revoke execute on function public.settle_media from public, anon, authenticated, service_role;
grant execute on function public.settle_media to anon, service_role;
