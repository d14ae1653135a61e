create or replace function private.erase_remarks(e private.erasures) returns void
language plpgsql set search_path = '' as $$
declare
  v_patterns text[] := private.erasure_patterns(e) || array(
    select '(^|[^[:alnum:]])' || regexp_replace(n, '([^[:alnum:][:space:]])', '\\\1', 'g') || '($|[^[:alnum:]])'
      from unnest(e.names) n where length(n) >= 3);
  r record;
begin
  update public.whatsapp_sender set
    paused_message = case when paused_message ~* any (v_patterns) is not true then paused_message end,
    paused_fingerprint = case when paused_fingerprint ~* any (v_patterns) is not true then paused_fingerprint end,
    session_status = case when session_status ~* any (v_patterns) is not true then session_status end,
    reconcile_error = case when reconcile_error ~* any (v_patterns) is not true then reconcile_error end
   where id;
  update public.alerts set detail = null where detail ~* any (v_patterns);
  -- Staff's words about another customer may name this one.
  update public.objections set
    reason = case when reason ~* any (v_patterns) is not true then reason end,
    lifted_reason = case when lifted_reason ~* any (v_patterns) is not true then lifted_reason end
  where concat_ws(' ', reason, lifted_reason) ~* any (v_patterns);
  update public.conversations set objection_reason = null where objection_reason ~* any (v_patterns);
  update public.staff_actions set reason = null where reason ~* any (v_patterns);
  update public.staff_actions set
    from_status = case when from_status ~* any (v_patterns) is not true then from_status end,
    to_status = case when to_status ~* any (v_patterns) is not true then to_status end
  where conversation_id is null and concat_ws(' ', from_status, to_status) ~* any (v_patterns);
  update public.whatsapp_receipts set error = null where error ~* any (v_patterns);
  -- What this product's first version has left.
  for r in
    select c.oid::regclass as name from pg_catalog.pg_class c
     where c.relkind = 'r' and c.relnamespace = to_regnamespace('first_version') and c.relname <> 'staff'
  loop
    execute format('delete from %s t where %s ~ any ($1)', r.name, private.all_words(r.name)) using private.erasure_patterns(e);
  end loop;
end
$$;
comment on function private.erase_remarks is
  'Removes a customer from words of Wasender''s or CloudTalk''s that were kept for staff to read, and from what is no longer read.';
revoke execute on function private.erase_remarks from public;
