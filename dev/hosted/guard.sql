-- Refuses what postgres may do here only because it belongs to supabase_storage_admin (see roles.sql): every DDL on
-- what is in storage but policies and triggers of storage.objects, which a hosted project allows, and every grant on
-- it.

create schema guard;
create table guard.storage_rights (rights text not null);

create function guard.storage_rights() returns text
language sql stable set search_path = '' as $$
  select string_agg(x.rights, ' ' order by x.rights)
    from (select 'schema ' || nspacl::text as rights from pg_catalog.pg_namespace where nspname = 'storage'
          union all
          select oid::regclass || coalesce(relacl::text, '') from pg_catalog.pg_class where relnamespace = 'storage'::regnamespace
          union all
          select oid::regprocedure || coalesce(proacl::text, '') from pg_catalog.pg_proc
           where pronamespace = 'storage'::regnamespace) x
$$;

create function guard.on_command() returns event_trigger
language plpgsql security definer set search_path = '' as $$
declare
  c record;
begin
  if session_user <> 'postgres' then
    return;
  end if;
  for c in select * from pg_catalog.pg_event_trigger_ddl_commands() loop
    if (c.schema_name = 'storage' or c.object_identity ~ ' on storage\.')
      and not (c.object_type in ('policy', 'trigger') and c.object_identity like '% on storage.objects') then
      raise insufficient_privilege using message = format('must be owner of %s (%s)', c.object_identity, c.command_tag);
    end if;
  end loop;
  if tg_tag in ('GRANT', 'REVOKE') and guard.storage_rights() is distinct from (select rights from guard.storage_rights) then
    raise insufficient_privilege using message = 'permission denied for what is in storage';
  end if;
end
$$;

create function guard.on_drop() returns event_trigger
language plpgsql security definer set search_path = '' as $$
declare
  o record;
begin
  if session_user <> 'postgres' then
    return;
  end if;
  for o in select * from pg_catalog.pg_event_trigger_dropped_objects() where original loop
    if (o.schema_name = 'storage' or o.object_identity ~ ' on storage\.')
      and not (o.object_type in ('policy', 'trigger') and o.object_identity like '% on storage.objects') then
      raise insufficient_privilege using message = format('must be owner of %s', o.object_identity);
    end if;
  end loop;
end
$$;

insert into guard.storage_rights select guard.storage_rights();
create event trigger guard_command on ddl_command_end execute function guard.on_command();
create event trigger guard_drop on sql_drop execute function guard.on_drop();
