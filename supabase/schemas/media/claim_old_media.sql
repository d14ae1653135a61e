create or replace function public.claim_old_media(p_limit integer, p_days integer default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
  v_files jsonb;
  v_count integer;
begin
  perform private.authorize();
  if p_days is null then
    update public.whatsapp_sender set media_sweep_at = null where media_sweep_at is not null;
    return '[]';
  end if;
  select * into s from public.whatsapp_sender for update;
  if s.media_sweep_at > clock_timestamp() then
    return '[]';
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'paths', f.paths)), '[]'), count(*) into v_files, v_count
    from (select id, array_remove(array[media_path, media_thumb_path], null) as paths
            from public.whatsapp_messages
           where media_state = 'stored' and created_at < now() - p_days * interval '1 day'
           order by created_at limit p_limit) f;
  -- A full batch may have left some. A minute is enough to delete it in.
  update public.whatsapp_sender set
    media_sweep_at = clock_timestamp() + case when v_count < p_limit then interval '1 hour' else interval '1 minute' end
   where id;
  return v_files;
end
$$;
comment on function public.claim_old_media is
  'Files received more than p_days ago, at most p_limit and once an hour: [{ id, paths }]. Null days: none, ever.';
revoke execute on function public.claim_old_media from public, anon, authenticated, service_role;
grant execute on function public.claim_old_media to anon, service_role;
