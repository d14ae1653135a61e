-- The previous system's triggers wrote every call twice; its policies let anyone with the public key read and write.
--
-- On a hosted project each `drop trigger` and `drop policy` locks some twenty of Supabase's own tables until the end of its
-- transaction, so these stand alone, and give up rather than wait.
set lock_timeout = '5s';

do $$
declare
  r record;
begin
  for r in
    select t.tgname, t.tgrelid::regclass as relation
      from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where not t.tgisinternal and c.relnamespace = 'public'::regnamespace
       and c.relname in ('webhook_requests', 'cloudtalk_calls')
       and (t.tgname = 'trigger_auto_insert_cloudtalk_call' or t.tgname like '%whatsapp%')
  loop
    execute format('drop trigger %I on %s', r.tgname, r.relation);
  end loop;
  drop function if exists public.auto_insert_cloudtalk_call();

  for r in
    select policyname, tablename from pg_policies
     where schemaname = 'public'
       and (policyname like 'Allow all operations on %'
            or tablename in ('webhook_requests', 'cloudtalk_calls', 'whatsapp_queue'))
  loop
    execute format('drop policy %I on public.%I', r.policyname, r.tablename);
  end loop;
end
$$;

reset lock_timeout;
