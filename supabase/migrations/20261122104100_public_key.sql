-- The app may hold the project's public key instead of its secret one, without the tables being open to everybody who
-- knows that key: then each of its requests carries a secret of the app's own, whose hash is kept here.

create table if not exists private.app_secrets (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  added_at timestamptz not null default now()
);
comment on table private.app_secrets is
  'SHA-256 (hex) of the accepted SUPABASE_APP_SECRETs; more than one while one is being replaced.';
alter table private.app_secrets enable row level security;

create or replace function private.add_app_secret(p_secret text) returns void
language sql set search_path = '' as $$
  insert into private.app_secrets (hash) values (encode(sha256(convert_to(p_secret, 'UTF8')), 'hex'))
  on conflict do nothing
$$;
comment on function private.add_app_secret is 'Accepts a SUPABASE_APP_SECRET. For the SQL editor.';

create or replace function private.authorize() returns void
language plpgsql stable security definer set search_path = '' as $$
begin
  -- The service role and direct sessions pass. Anybody else must show the app's secret, which PostgREST hands over with
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
revoke execute on function private.add_app_secret, private.authorize from public;

-- The public key's role may call what checks for itself who calls.
do $$
declare
  f regprocedure;
begin
  for f in
    select p.oid::regprocedure from pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.prosecdef and p.prosrc like '%private.authorize()%'
  loop
    execute format('grant execute on function %s to anon', f);
  end loop;
end
$$;
