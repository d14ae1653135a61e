create or replace function private.lock_customers(p_addresses text[], p_ids bigint[] default '{}') returns void
language plpgsql set search_path = '' as $$
declare
  v_ids bigint[];
  v_locked bigint[] := array[]::bigint[];
begin
  loop
    -- While it waited for one of them, that one may have become part of another.
    v_ids := array(
      select id from (
        (select unnest(p_ids) as id
         union select n.conversation_id from public.conversation_numbers n where n.address = any (p_addresses)
         union select c.merged_into from public.conversations c where c.id = any (v_locked))
        except select unnest(v_locked)) as rest
      where id is not null);
    exit when v_ids = '{}';
    perform from public.conversations where id = any (v_ids) order by id desc for update;
    v_locked := v_locked || v_ids;
  end loop;
end
$$;
comment on function private.lock_customers is
  'Locks these customers'' rows, by addresses and ids, the youngest first. Every transaction that writes what belongs to a customer holds this lock: see lock_keys for the order of all locks. A customer only ever becomes part of an older one, so a transaction that follows it there keeps that order.';
revoke execute on function private.lock_customers from public;
