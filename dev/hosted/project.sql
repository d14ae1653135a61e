-- What an empty hosted project's database holds; auth's and storage's tables are there already.

create schema extensions;
alter schema extensions owner to postgres;
grant usage on schema extensions to anon, authenticated, service_role;
create extension "uuid-ossp" with schema extensions;
create extension pgcrypto with schema extensions;

create schema realtime;
grant usage on schema realtime to postgres, anon, authenticated, service_role;
create schema graphql_public;
grant usage on schema graphql_public to postgres, anon, authenticated, service_role;
create schema vault;
create extension supabase_vault with schema vault;

grant usage on schema public to anon, authenticated, service_role;

-- auth: postgres reads and writes, refers to it and hangs triggers on it, and owns nothing.
grant all on schema auth to supabase_auth_admin;
grant usage on schema auth to postgres, anon, authenticated, service_role;
grant all on all tables in schema auth to postgres, dashboard_user;
grant all on all routines in schema auth to postgres, dashboard_user;

grant all on schema storage to supabase_storage_admin with grant option;
grant usage on schema storage to postgres with grant option;
grant usage on schema storage to anon, authenticated, service_role;
grant all on storage.buckets, storage.objects to postgres with grant option;
grant all on storage.buckets, storage.objects to service_role;
grant select, insert, update, delete on storage.buckets, storage.objects to anon, authenticated;

do $$
declare
  r record;
begin
  for r in
    select c.oid::regclass as relation, 'supabase_' || c.relnamespace::regnamespace || '_admin' as owner
      from pg_class c
     where c.relnamespace in ('auth'::regnamespace, 'storage'::regnamespace) and c.relkind = 'r'
  loop
    execute format('alter table %s owner to %I', r.relation, r.owner);
  end loop;
  for r in
    select p.oid::regprocedure as routine, 'supabase_' || p.pronamespace::regnamespace || '_admin' as owner
      from pg_proc p
     where p.pronamespace in ('auth'::regnamespace, 'storage'::regnamespace)
  loop
    execute format('alter routine %s owner to %I', r.routine, r.owner);
  end loop;
  -- A statement of the dashboard or of `supabase db push` may take two minutes.
  execute format('alter database %I set statement_timeout = ''2min''', current_database());
end
$$;
