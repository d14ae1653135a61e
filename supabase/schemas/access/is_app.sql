create or replace function private.is_app() returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from private.app_secrets
     where hash = encode(sha256(convert_to(
       nullif(current_setting('request.headers', true), '')::jsonb ->> 'x-app-secret', 'UTF8')), 'hex'))
$$;
comment on function private.is_app is
  'Whether the request carries the app''s secret.';
revoke execute on function private.is_app from public;
grant execute on function private.is_app to anon;
