create or replace function private.give_up_bill(p_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  -- What an older version has read stays.
  update public.bills set
    state = case when state = 'waiting' then 'failed' else state end,
    reason = case when state = 'waiting' then 'crashed' else reason end,
    due_at = null, lease_token = null
  where id = p_id and confirmed_at is null;
end
$$;
comment on function private.give_up_bill is
  'A file ended the function that read it, twice.';
revoke execute on function private.give_up_bill from public;
