create or replace function private.waits_for_staff(b public.bills) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return b.confirmed_at is null and b.page_of is null and b.duplicate_of is null and b.state in ('read', 'needs_eyes', 'failed');
end
$$;
comment on function private.waits_for_staff is
  'Whether staff are to confirm what a file is and says.';
revoke execute on function private.waits_for_staff from public;
