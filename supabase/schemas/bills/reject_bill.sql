create or replace function private.reject_bill(b public.bills) returns text
language plpgsql set search_path = '' as $$
begin
  if b.page_of is not null then
    perform private.take_from_bill(b.id);
  end if;
  update public.bills set
    state = 'not_a_bill', kind = case when kind in ('electricity', 'both') then 'other' else coalesce(kind, 'other') end,
    reason = null, page_of = null, duplicate_of = null
  where id = b.id;
  delete from public.bill_supplies where bill_id = b.id;
  -- Its pages are none of it.
  update public.bills set page_of = null, due_at = clock_timestamp(), attempts = 0 where page_of = b.id and confirmed_at is null;
  return null;
end
$$;
comment on function private.reject_bill is
  'Staff say that a file is no electricity bill. Returns why it is not possible: never.';
revoke execute on function private.reject_bill from public;
