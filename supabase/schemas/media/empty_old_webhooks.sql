create or replace function private.empty_old_webhooks(p_limit integer, p_days integer, p_legacy_too boolean) returns integer
language plpgsql set search_path = '' as $$
declare
  v_before timestamptz := now() - p_days * interval '1 day';
  v_ids bigint[];
begin
  v_ids := array(
    select id from public.webhook_requests
     where emptied_at is null and "timestamp" < v_before and (p_legacy_too or source <> 'legacy')
     order by "timestamp" limit p_limit);
  update public.cloudtalk_calls set raw_data = null
   where id in (
     select id from public.cloudtalk_calls
      where raw_data is not null and created_at < v_before and (p_legacy_too or should_send_reason <> 'legacy')
      order by created_at limit p_limit);
  return private.empty_webhooks(v_ids, null);
end
$$;
comment on function private.empty_old_webhooks is
  'Empties stored webhooks of more than so many days ago, and the copies of them that calls keep; the previous system''s only if asked to. Returns how many.';
revoke execute on function private.empty_old_webhooks from public;
