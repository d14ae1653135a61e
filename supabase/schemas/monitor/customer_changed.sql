create or replace function private.customer_changed() returns trigger
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_id bigint := case when tg_op = 'DELETE' then old.conversation_id else new.conversation_id end;
  c public.conversations;
begin
  -- Deferred, so it runs when the function that changed the row has ended, and needs the owner's rights itself. All
  -- that the transaction does is done by then: the first row's turn is enough for all of them.
  select * into c from public.conversations where id = v_id;
  if found and c.merged_into is null and c.refreshed_xid is distinct from pg_current_xact_id() then
    perform private.refresh_customer(v_id, true);
  end if;
  return null;
end
$$;
revoke execute on function private.customer_changed from public;
