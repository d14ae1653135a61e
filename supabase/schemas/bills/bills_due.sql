create or replace function public.bills_due() returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.authorize();
  return exists (select from public.bills where due_at <= now());
end
$$;
comment on function public.bills_due is
  'Whether a bill file is to be read now. What the clock asks before it rings POST /api/read-bills.';
revoke execute on function public.bills_due from public, anon, authenticated, service_role;
grant execute on function public.bills_due to anon, service_role;
