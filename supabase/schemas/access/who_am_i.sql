create or replace function public.who_am_i() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('name', private.require_staff(),
    'email', nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email')
$$;
comment on function public.who_am_i is
  'The signed-in person: { name, email }. Refused to an account that is not staff.';
revoke execute on function public.who_am_i from public, anon, authenticated, service_role;
grant execute on function public.who_am_i to authenticated, service_role;
