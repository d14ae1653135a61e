create or replace function private.erase_mentions(e private.erasures) returns void
language plpgsql set search_path = '' as $$
declare
  v_patterns text[] := private.erasure_patterns(e) || array(
    select '(^|[^[:alnum:]])' || regexp_replace(n, '([^[:alnum:][:space:]])', '\\\1', 'g') || '($|[^[:alnum:]])'
      from unnest(e.names) n where length(n) >= 3);
begin
  -- Words of Wasender's or CloudTalk's that were kept for staff to read.
  update public.whatsapp_sender set
    paused_message = case when paused_message ~* any (v_patterns) is not true then paused_message end,
    paused_fingerprint = case when paused_fingerprint ~* any (v_patterns) is not true then paused_fingerprint end,
    session_status = case when session_status ~* any (v_patterns) is not true then session_status end,
    reconcile_error = case when reconcile_error ~* any (v_patterns) is not true then reconcile_error end
   where id;
  update public.alerts set detail = null where detail ~* any (v_patterns);
  update public.staff_actions set
    from_status = case when from_status ~* any (v_patterns) is not true then from_status end,
    to_status = case when to_status ~* any (v_patterns) is not true then to_status end
  where conversation_id is null and concat_ws(' ', from_status, to_status) ~* any (v_patterns);
  -- The previous system's queue, if there was one.
  if to_regclass('public.whatsapp_queue') is not null then
    execute 'update public.whatsapp_queue set phone_number = null, message = null, call_id = null
              where concat_ws('' '', phone_number, message, call_id) ~* any ($1)' using v_patterns;
  end if;
end
$$;
comment on function private.erase_mentions is
  'Removes mentions of a customer from texts that belong to no customer.';
revoke execute on function private.erase_mentions from public;
