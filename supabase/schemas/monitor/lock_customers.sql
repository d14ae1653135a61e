create or replace function private.lock_customers(p_addresses text[], p_ids bigint[] default '{}') returns void
language plpgsql set search_path = '' as $$
declare
  v_ids bigint[] := p_ids;
begin
  if p_addresses <> '{}' then
    v_ids := v_ids || array(select conversation_id from public.conversation_numbers where address = any (p_addresses));
  end if;
  while v_ids <> '{}' loop
    -- While it waited for one of them, that one may have become part of another. (A condition on the locked rows would
    -- be moved to before they are locked.)
    select coalesce(array_agg(merged_into) filter (where merged_into is not null), '{}') into v_ids
      from (select merged_into from public.conversations where id = any (v_ids) order by id desc for update) locked;
  end loop;
end
$$;
comment on function private.lock_customers is
  'Locks these customers'' rows, by addresses and ids, the youngest first. Every transaction that writes what belongs to a customer holds this lock: see lock_keys for the order of all locks. A customer only ever becomes part of an older one, so a transaction that follows it there keeps that order.';
revoke execute on function private.lock_customers from public;
