-- The roles of a hosted Supabase project, once a server. The superuser is supabase_admin; postgres, as whom a project's
-- owner comes, is none.

create role postgres login createrole createdb replication bypassrls;
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role authenticator login noinherit;
grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to postgres with admin option;

create role supabase_auth_admin login noinherit createrole;
create role supabase_storage_admin login noinherit createrole;
create role supabase_realtime_admin nologin noinherit;
create role dashboard_user nologin createdb createrole replication;

-- A policy may be made by a table's owner only. supautils lets postgres make those of storage.objects all the same;
-- here it belongs to the owner, and guard.sql refuses whatever else that would allow.
grant supabase_storage_admin to postgres with inherit true, set false;

alter role postgres set search_path = "$user", public, extensions;
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role authenticated set statement_timeout = '8s';
alter role anon set statement_timeout = '3s';
