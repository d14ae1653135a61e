create or replace function private.lock_customers(p_addresses text[], p_ids bigint[] default '{}') returns void
language plpgsql set search_path = '' as $$
declare
  v_ids bigint[] := p_ids;
  v_id bigint;
  v_into bigint;
begin
  if p_addresses <> '{}' then
    v_ids := v_ids || array(select conversation_id from public.conversation_numbers where address = any (p_addresses));
  end if;
  loop
    v_id := (select max(i) from unnest(v_ids) i);
    exit when v_id is null;
    select merged_into into v_into from public.conversations where id = v_id for update;
    -- While it waited for this one, it may have become part of an older one, whose turn comes among the others.
    v_ids := array_remove(v_ids, v_id) || v_into;
  end loop;
end
$$;
comment on function private.lock_customers is
  'Locks these customers'' rows, by addresses and ids, the youngest first, and those that they have become part of. Every transaction that writes what belongs to a customer holds this lock: see lock_keys for the order of all locks.';
revoke execute on function private.lock_customers from public;
