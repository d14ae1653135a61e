-- With the public key the app keeps files as it calls functions: by its own secret, which Storage hands over with the
-- other headers of a request.

create or replace function private.is_app() returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from private.app_secrets
     where hash = encode(sha256(convert_to(
       nullif(current_setting('request.headers', true), '')::jsonb ->> 'x-app-secret', 'UTF8')), 'hex'))
$$;
comment on function private.is_app is 'Whether the request carries the app''s secret.';
revoke execute on function private.is_app from public;

do $$
begin
  if to_regclass('storage.objects') is null then
    return;
  end if;
  grant usage on schema private to anon;
  grant execute on function private.is_app to anon;
  execute 'drop policy if exists "The app keeps customers'' files" on storage.objects';
  execute $q$
    create policy "The app keeps customers' files" on storage.objects for all to anon
      using (bucket_id = 'bills' and private.is_app()) with check (bucket_id = 'bills' and private.is_app())
  $q$;
end
$$;
