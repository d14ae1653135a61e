create or replace function private.require_staff() returns text
language plpgsql stable set search_path = '' as $$
declare
  v_name text;
begin
  -- The signed-in person's name. PostgREST passes on the claims of a token that it has verified.
  if current_setting('role', true) in ('anon', 'authenticated') then
    select name into v_name from public.staff
     where user_id = (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid;
    if v_name is null then
      raise insufficient_privilege using message = 'This account is not staff.';
    end if;
    return v_name;
  end if;
  return 'sistema';
end
$$;
revoke execute on function private.require_staff from public;
