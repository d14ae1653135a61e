create or replace function private.lock_customers(p_addresses text[], p_ids bigint[] default '{}') returns void
language plpgsql set search_path = '' as $$
declare
  v_ids bigint[];
  v_locked bigint[] := '{}';
begin
  loop
    v_ids := array(
      select id from unnest(p_ids) as id where id is not null
      union
      select n.conversation_id from public.conversation_numbers n where n.address = any (p_addresses)
      order by 1);
    exit when v_ids <@ v_locked;
    perform from public.conversations where id = any (v_ids) order by id for update;
    -- While it waited, one of them may have become part of another.
    v_locked := v_locked || v_ids;
  end loop;
end
$$;
comment on function private.lock_customers is
  'Locks these customers'' rows, by addresses and ids, in the order of their ids. Whoever writes what belongs to a customer holds this lock: see lock_keys for the order of all locks.';
revoke execute on function private.lock_customers from public;
