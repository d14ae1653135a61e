create or replace function private.authorize() returns void
language plpgsql stable security definer set search_path = '' as $$
begin
  -- The service role and direct sessions pass. All others must send the app's secret, which PostgREST passes on with
  -- the other headers.
  if current_setting('role', true) in ('anon', 'authenticated') and not exists (
    select from private.app_secrets
     where hash = encode(sha256(convert_to(
       nullif(current_setting('request.headers', true), '')::jsonb ->> 'x-app-secret', 'UTF8')), 'hex')
  ) then
    raise insufficient_privilege using message = 'This function is for the app itself.';
  end if;
end
$$;
revoke execute on function private.authorize from public;
