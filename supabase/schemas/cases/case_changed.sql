create or replace function private.case_changed() returns trigger
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_row jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
  v_id bigint := coalesce(
    (v_row ->> 'conversation_id')::bigint,
    (select m.conversation_id from public.whatsapp_messages m where m.id = coalesce(
      (v_row ->> 'message_id')::bigint, (select b.message_id from public.bills b where b.id = (v_row ->> 'bill_id')::bigint))));
  c public.conversations;
begin
  -- As customer_changed: at the end of the transaction, once.
  select * into c from public.conversations where id = v_id;
  if found and c.merged_into is null and c.case_xid is distinct from pg_current_xact_id() then
    perform private.refresh_case(v_id, true);
  end if;
  return null;
end
$$;
revoke execute on function private.case_changed from public;
