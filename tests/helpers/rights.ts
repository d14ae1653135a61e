import type { LocalDatabase } from "../../dev/database.ts";

/** Who may do what with each object of ours, its owner besides. */
export async function rightsOf({
  query,
}: Pick<LocalDatabase, "query">): Promise<{ object: string; rights: string[] }[]> {
  return query(`
    with ours as (
      select oid as schema from pg_namespace where nspname in ('public', 'private')
    ), objects as (
      select 'schema ' || nspname as object, nspacl as acl, acldefault('n', nspowner) as unsaid
        from pg_namespace join ours on oid = schema
      union all
      select 'relation ' || c.oid::regclass, relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)
        from pg_class c join ours on relnamespace = schema where relkind in ('r', 'p', 'v', 'm', 'S')
      union all
      select 'column ' || attrelid::regclass || '.' || attname, attacl, null
        from pg_attribute join pg_class c on c.oid = attrelid join ours on relnamespace = schema where attacl is not null
      union all
      select 'function ' || p.oid::regprocedure, proacl, acldefault('f', proowner)
        from pg_proc p join ours on pronamespace = schema
      union all
      select 'type ' || t.oid::regtype, typacl, acldefault('T', typowner)
        from pg_type t join ours on typnamespace = schema where typtype in ('e', 'd')
    )
    select object, array(
             select (case grantee when 0 then 'everybody' else grantee::regrole::text end) || ' may ' || privilege_type
               from aclexplode(coalesce(acl, unsaid)) where grantee <> grantor order by 1) as rights
      from objects order by 1`);
}
