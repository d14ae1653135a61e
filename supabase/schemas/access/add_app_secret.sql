create or replace function private.add_app_secret(p_secret text) returns void
language sql set search_path = '' as $$
  insert into private.app_secrets (hash) values (encode(sha256(convert_to(p_secret, 'UTF8')), 'hex'))
  on conflict do nothing
$$;
comment on function private.add_app_secret is
  'Accepts a SUPABASE_APP_SECRET. For the SQL editor.';
revoke execute on function private.add_app_secret from public;
