create or replace function private.lock_keys(variadic p_keys text[]) returns void
language plpgsql set search_path = '' as $$
declare
  v_bucket bigint;
begin
  -- Sorted, so that two transactions that share more than one key cannot wait for each other. In 1,024 buckets, because
  -- a webhook may name thousands of keys and PostgreSQL holds so many locks at most for all transactions together.
  for v_bucket in
    select distinct hashtextextended(k, 0) & 1023 from unnest(p_keys) as k where k is not null order by 1
  loop
    perform pg_advisory_xact_lock(77, v_bucket::integer);
  end loop;
end
$$;
comment on function private.lock_keys is
  'Until the end of the transaction, no other transaction works on these keys. A copy of a webhook then waits instead of failing at a unique key. The order of all locks: whatsapp_sender, keys (sorted, in one call), conversations (the youngest first), everything else.';
revoke execute on function private.lock_keys from public;
