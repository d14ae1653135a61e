create or replace function public.claim_sweep(
  p_limit integer, p_media_days integer default null, p_webhook_days integer default null, p_legacy_too boolean default false
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
  v_files jsonb;
  v_webhooks integer;
  v_cases integer;
  v_full boolean;
begin
  perform private.authorize();
  select * into s from public.whatsapp_sender for update;
  if s.sweep_at > clock_timestamp() then
    return '[]'::jsonb;
  end if;
  v_webhooks := private.empty_old_webhooks(p_limit * 20, p_webhook_days, p_legacy_too);
  delete from private.deleted_rows where deleted_at < now() - interval '7 days';
  delete from private.sign_in_attempts where at < now() - interval '1 day';
  delete from private.refused_webhooks where day < (now() at time zone 'UTC')::date - 7;
  delete from private.known_browsers where seen_at < now() - interval '400 days';
  delete from public.whatsapp_receipts where received_at < now() - interval '30 days';
  -- The calls that these codes waited for have not come.
  delete from private.written_codes w using public.whatsapp_messages m
   where m.id = w.message_id and w.conversation_id is null and m.created_at < now() - interval '1 hour';
  update public.cloudtalk_calls set erased_hash = null where erased_hash is not null and updated_at < now() - interval '2 days';
  select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'paths', f.paths)), '[]') into v_files
    from (select id, array_remove(array[media_path, media_thumb_path], null) as paths
            from public.whatsapp_messages
           where media_state = 'stored' and created_at < now() - p_media_days * interval '1 day'
           order by created_at limit p_limit) f;
  v_cases := private.refresh_old_cases(p_limit);
  v_full := jsonb_array_length(v_files) = p_limit or v_cases = p_limit or v_webhooks = p_limit * 20;
  -- A full batch may have left some. A minute is enough to delete it in.
  update public.whatsapp_sender set
    sweep_at = clock_timestamp() + case when v_full then interval '1 minute' else interval '1 hour' end
   where id;
  return v_files;
end
$$;
comment on function public.claim_sweep is
  'Once an hour, removes what is old: the content of webhooks received more than p_webhook_days ago, and what is kept for a while only. Returns the files received more than p_media_days ago, at most p_limit, for the caller to delete: [{ id, paths }]. Null days: kept for ever.';
revoke execute on function public.claim_sweep from public, anon, authenticated, service_role;
grant execute on function public.claim_sweep to anon, service_role;
