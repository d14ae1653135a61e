create or replace function public.health_report() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.authorize();
  -- The last webhook of a kind: with `=` PostgreSQL goes back through the whole table where there is none; `between`,
  -- with the index's own order, leaves it the index alone.
  return (with day as materialized (
    select r.source, r.outcome, count(*) from public.webhook_requests r
     where r."timestamp" > now() - interval '1 day' group by r.source, r.outcome)
  select jsonb_build_object(
    'now', clock_timestamp(),
    'migrations', private.optional_report('select jsonb_agg(version order by version) from supabase_migrations.schema_migrations'),
    'tables', (
      select jsonb_agg(jsonb_build_object('name', c.relname, 'rls', c.relrowsecurity, 'open_policies', coalesce((
          select jsonb_agg(p.policyname) from pg_catalog.pg_policies p
           where p.schemaname = 'public' and p.tablename = c.relname and p.roles && array['anon', 'public', 'authenticated']::name[]), '[]'))
        order by c.relname)
      from pg_catalog.pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')),
    'functions', (
      select jsonb_agg(distinct p.proname) from pg_catalog.pg_proc p where p.pronamespace = 'public'::regnamespace),
    -- Views that read with their owner's rights, whatever row level security says, and that not only staff may read;
    -- each with the tables that it shows, also through other views.
    'open_views', coalesce((
      with recursive shown as (
        select c.oid as view, c.oid as relation
          from pg_catalog.pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
           and (has_any_column_privilege('anon', c.oid, 'select') or has_any_column_privilege('authenticated', c.oid, 'select'))
           and not exists (select from pg_catalog.pg_options_to_table(c.reloptions) o
                            where o.option_name = 'security_invoker' and o.option_value::boolean)
           and not exists (select from pg_catalog.pg_depend d where d.objid = c.oid and d.deptype = 'e')
        union
        select s.view, d.refobjid
          from shown s
          join pg_catalog.pg_rewrite w on w.ev_class = s.relation
          join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = w.oid
           and d.refclassid = 'pg_catalog.pg_class'::regclass
      )
      select jsonb_agg(jsonb_build_object('name', v.name, 'tables', v.tables) order by v.name)
        from (select s.view::regclass::text as name, coalesce(jsonb_agg(c.relname order by c.relname) filter (
                       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')), '[]') as tables
                from shown s join pg_catalog.pg_class c on c.oid = s.relation
               group by s.view) v), '[]'),
    -- What gives others than the app access to Storage's files: all policies but our own. None if there is no Storage.
    'storage_policies', coalesce((
      select jsonb_agg(jsonb_build_object('name', p.policyname, 'conditions', to_jsonb(array_remove(array[p.qual, p.with_check], null)))
                       order by p.policyname)
        from pg_catalog.pg_policies p
       where p.schemaname = 'storage' and p.tablename = 'objects' and p.permissive = 'PERMISSIVE'
         and p.roles && array['anon', 'public', 'authenticated']::name[]
         and p.policyname <> 'The app keeps customers'' files'), '[]'),
    -- Run with the owner's rights, callable with the public key, and not asking who calls.
    'open_functions', coalesce((
      select jsonb_agg(p.oid::regprocedure::text order by p.proname)
        from pg_catalog.pg_proc p
       where p.pronamespace = 'public'::regnamespace and p.prosecdef
         and p.prosrc !~ 'private\.(authorize|require_staff)\(\)'
         and (has_function_privilege('anon', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute'))
         and not exists (select from pg_catalog.pg_depend d where d.objid = p.oid and d.deptype = 'e')), '[]'),
    'bucket', private.optional_report($q$ select jsonb_build_object('public', public) from storage.buckets where id = 'bills' $q$),
    'storage', to_regclass('storage.buckets') is not null,
    'size', jsonb_build_object(
      'bytes', pg_database_size(current_database()),
      'largest', (
        select jsonb_agg(jsonb_build_object('name', l.name, 'bytes', l.bytes) order by l.bytes desc)
          from (select c.name::text as name, pg_total_relation_size(c.name) as bytes
                  -- Roughly the largest, by what PostgreSQL keeps anyway; to look at every table's files takes longer.
                  from (select c.oid::regclass as name from pg_catalog.pg_class c
                          left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
                         where c.relkind in ('r', 'm')
                         order by c.relpages + coalesce(t.relpages, 0) desc limit 6) c
                 order by 2 desc limit 3) l)),
    'clock', jsonb_build_object(
      'available', (select count(*) = 2 from pg_catalog.pg_extension where extname in ('pg_cron', 'pg_net')),
      'job', private.optional_report($q$
        select jsonb_build_object('schedule', schedule, 'active', active) from cron.job where jobname = 'outbox-clock' $q$),
      'log_job', coalesce(private.optional_report($q$
        select to_jsonb(active) from cron.job where jobname = 'outbox-clock-log' $q$), 'false'),
      'last_run', private.optional_report($q$
        select jsonb_build_object('at', d.start_time, 'status', d.status, 'message', left(d.return_message, 300))
          from cron.job_run_details d join cron.job j using (jobid)
         where j.jobname = 'outbox-clock' order by d.runid desc limit 1 $q$),
      'last_answer', private.optional_report($q$
        select jsonb_build_object('at', created, 'status', status_code, 'error', left(error_msg, 300))
          from net._http_response order by created desc limit 1 $q$),
      'outbox_url', private.optional_report($q$
        select to_jsonb(decrypted_secret) from vault.decrypted_secrets where name = 'outbox_url' $q$),
      -- Enough of a hash to compare with, and nothing to ring with.
      'cron_secret', private.optional_report($q$
        select to_jsonb(left(encode(sha256(convert_to(decrypted_secret, 'UTF8')), 'hex'), 16))
          from vault.decrypted_secrets where name = 'cron_secret' $q$),
      'due', public.outbox_due()),
    'sender', (
      select jsonb_build_object('rang_at', s.rang_at, 'heard_at', s.heard_at, 'paused_at', s.paused_at,
        'restricted_at', s.restricted_at, 'restricted_until', private.restricted_until(s, null, now()),
        'paused_reason', s.paused_reason, 'paused_message', s.paused_message, 'session', s.session_status,
        'session_at', s.session_at, 'next_send_at', s.next_send_at,
        'last_sent_at', (select max(a.started_at) from (
          select started_at from public.whatsapp_attempts where outcome = 'sent' order by id desc limit 10) a),
        'first_sent_at', (
          select coalesce(a.started_at, a.claimed_at) from public.whatsapp_attempts a
           where a.outcome = 'sent' order by a.id limit 1))
      from public.whatsapp_sender s),
    'history', (
      select jsonb_build_object('started_at', s.reconcile_started_at, 'ok_at', s.reconciled_at, 'error', s.reconcile_error,
        'found', (select coalesce(sum(d.count), 0) from day d where d.source = 'reconciled'))
      from public.whatsapp_sender s),
    'queue', (
      -- One look into an index each: no index has both states.
      select jsonb_build_object('queued', count(*), 'oldest_at', min(created_at),
        -- As of an hour ago: what waits for the hours or a person is not late.
        'due_at', (select private.next_sendable(s, now() - interval '1 hour') from public.whatsapp_sender s),
        'unknown', (select count(*) from public.whatsapp_messages where status = 'unknown'))
      from public.whatsapp_messages where status = 'queued'),
    'media_failed', (
      select count(*) from public.whatsapp_messages
       where media_state = 'failed' and updated_at > now() - interval '1 day'),
    'webhooks', (
      select jsonb_object_agg(s.source, jsonb_build_object(
        'last_at', (select r."timestamp" from public.webhook_requests r
                     where r.source between s.source and s.source order by r.source, r.id desc limit 1),
        'day', (select jsonb_build_object(
            'accepted', coalesce(sum(d.count) filter (where d.outcome = 'accepted'), 0),
            'duplicate', coalesce(sum(d.count) filter (where d.outcome = 'duplicate'), 0),
            'ignored', coalesce(sum(d.count) filter (where d.outcome = 'ignored'), 0),
            'invalid', coalesce(sum(d.count) filter (where d.outcome = 'invalid'), 0))
          from day d where d.source = s.source),
        'refused', (select jsonb_build_object('id', r.id, 'at', r."timestamp", 'detail', left(r.outcome_detail, 300))
          from public.webhook_requests r
         where r.source between s.source and s.source and r.outcome = 'invalid' order by r.source, r.id desc limit 1),
        'unauthorized', (select jsonb_build_object('count', coalesce(sum(u.count), 0), 'last_at', max(u.last_at))
          from private.refused_webhooks u
         where u.source = s.source and u.day >= (now() at time zone 'UTC')::date - 1)))
      from (values ('cloudtalk'), ('wasender')) as s (source)),
    'wasender_events', (
      select jsonb_object_agg(e.kind, (
          select r."timestamp" from public.webhook_requests r
           where r.source = 'wasender' and r.event_type between e.kind and e.kind order by r.event_type, r.id desc limit 1))
      from (values ('messages.received'), ('messages.upsert'), ('messages-personal.received'), ('messages.update'),
                   ('message.sent'), ('session.status')) as e (kind)),
    'unresolved_lids', (
      select count(*) from public.whatsapp_lids l
       where l.phone_number is null and exists (
         select from public.whatsapp_messages m
          where m.lid = l.lid and m.phone_number is null and m.direction = 'incoming'
            and m.created_at < now() - interval '1 hour')),
    'staff', (select count(*) from public.staff)));
end
$$;
comment on function public.health_report is
  'What lib/health judges: migrations, open access, the clock, the sender, the queue, webhooks, staff. No customer''s data, no secret.';
revoke execute on function public.health_report from public, anon, authenticated, service_role;
grant execute on function public.health_report to anon, service_role;
