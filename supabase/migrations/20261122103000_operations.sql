-- Running it: is all well (health_report), who is told when it is not (alerts), what no webhook told us (reconciliation),
-- and stored webhooks read anew (replay).

alter table public.whatsapp_sender
  add column if not exists heard_at timestamptz,
  add column if not exists reconcile_due_at timestamptz,
  add column if not exists reconcile_started_at timestamptz,
  add column if not exists reconciled_at timestamptz,
  add column if not exists reconcile_error text;
comment on column public.whatsapp_sender.heard_at is
  'When POST /api/outbox was last rung with the right secret, by whichever clock.';
comment on column public.whatsapp_sender.reconcile_due_at is
  'When CloudTalk''s call history is next to be read, or, where that is not set up, when to look again whether it is.';
comment on column public.whatsapp_sender.reconcile_started_at is 'When its last reading started.';
comment on column public.whatsapp_sender.reconciled_at is 'When it was last read to the end.';
comment on column public.whatsapp_sender.reconcile_error is 'Why the last reading failed; null where it did not.';
-- The first ring finds out whether it is set up.
update public.whatsapp_sender set reconcile_due_at = clock_timestamp() where reconcile_due_at is null;

create index if not exists webhook_requests_source_idx on public.webhook_requests (source, id desc);
create index if not exists webhook_requests_timestamp_idx on public.webhook_requests ("timestamp");
create index if not exists webhook_requests_invalid_idx on public.webhook_requests (source, id desc) where outcome = 'invalid';
create index if not exists whatsapp_messages_media_failed_idx
  on public.whatsapp_messages (updated_at) where media_state = 'failed';
create index if not exists cloudtalk_calls_erased_idx
  on public.cloudtalk_calls (call_start_time) where should_send_reason = 'erased';

create table if not exists public.alerts (
  kind text primary key check (kind in ('paused', 'media', 'clock')),
  since timestamptz not null,
  detail text,
  told_at timestamptz,
  cleared_at timestamptz,
  claimed_until timestamptz
);
alter table public.alerts enable row level security;
revoke all on public.alerts from anon, authenticated;
comment on table public.alerts is
  'The problems that are there now, or whose end is still to be told: sending is paused (not by staff), files failed for good, the clock stopped.';
comment on column public.alerts.told_at is 'When ALERT_WEBHOOK_URL was told of it.';
comment on column public.alerts.cleared_at is 'When it was seen to be over; the row goes once that was told.';
comment on column public.alerts.claimed_until is 'Until then one function is telling.';

-- ── The clock's ring ────────────────────────────────────────────────────────────────────────────────────────────

-- In PL/pgSQL, which keeps the plan: it is asked every five seconds, and by every poll.
create or replace function public.outbox_due() returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  -- now(), which holds still, can be looked up in an index; clock_timestamp() cannot.
  -- Is there anything that a drain could do now? Also what a clock asks before it rings.
  return exists (
    select from public.whatsapp_sender s
     where (s.paused_at is null and s.next_send_at <= now()
            and exists (select from public.whatsapp_messages where status = 'queued' and due_at <= now()))
        or s.probe_at <= now()
        or s.media_sweep_at <= now()
        or s.reconcile_due_at <= now()
  ) or exists (
    select from public.whatsapp_messages where status = 'sending' and lease_until < now()
  ) or exists (
    select from public.whatsapp_messages where info_at is not null and info_at <= now()
  ) or exists (
    select from public.whatsapp_messages where media_state = 'pending' and media_due_at <= now()
  ) or exists (
    select from public.whatsapp_lids where phone_number is null and ask_again_at <= now()
  ) or exists (
    -- Evidence for what nobody knows may stand in Wasender's log, where that can be read.
    select from public.whatsapp_sender s
     where s.log_due_at <= now() and s.log_ok_at > now() - interval '1 day'
       and exists (select from public.whatsapp_messages
                    where status = 'unknown' and updated_at > now() - interval '1 day')
  );
end
$$;

create or replace function public.record_ring() returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  update public.whatsapp_sender set heard_at = clock_timestamp();
end
$$;
comment on function public.record_ring is 'The clock was heard.';

-- ── Reconciliation with CloudTalk's call history ────────────────────────────────────────────────────────────────

create or replace function public.claim_reconciliation(p_every_ms integer default null) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  if p_every_ms is null then
    -- Not set up. The clock asks again in an hour, in case it is by then.
    update public.whatsapp_sender set reconcile_due_at = clock_timestamp() + interval '1 hour'
     where reconcile_due_at <= clock_timestamp();
    return false;
  end if;
  update public.whatsapp_sender set
    reconcile_started_at = clock_timestamp(), reconcile_due_at = clock_timestamp() + p_every_ms * interval '1 ms'
   where reconcile_started_at is null or reconcile_started_at <= clock_timestamp() - p_every_ms * interval '1 ms';
  return found;
end
$$;
comment on function public.claim_reconciliation is
  'Whether the caller is to read CloudTalk''s call history now; then nobody else is for p_every_ms. Without an argument: it is not set up.';

create or replace function public.unknown_calls(p_calls jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  p record;
  v_known text[] := '{}';
  v_rows bigint[] := '{}';
  v_later text[] := '{}';
begin
  -- Webhooks seldom carry the history's id, so calls are told apart by customer and time: the nearest pairs first, one
  -- call to one row. Else a customer's lost call would take the row of another that the same customer made, and that
  -- one would look lost, and be asked twice. The rules of what fits are those of record_cloudtalk_webhook.
  perform private.authorize();
  for p in
    select x.cdr_id, k.id, k.created_at, d.seconds
      from jsonb_to_recordset(p_calls) as x (cdr_id text, phone_number text, started_at timestamptz, ended_at timestamptz)
      join public.cloudtalk_calls k
        on k.duplicate_of is null and k.cdr_id is null and (k.call_id = x.cdr_id or k.phone_number = x.phone_number)
      cross join lateral (
        select case
          when k.call_id = x.cdr_id then 0
          when k.call_id is null or k.call_id !~ '^[0-9]+$'
            or abs(extract(epoch from k.call_start_time - x.started_at)) <= 60
          then abs(extract(epoch from coalesce(k.call_end_time, k.call_start_time, k.created_at) - x.ended_at))
        end as seconds
      ) d
     where d.seconds <= 7200
     order by d.seconds, x.cdr_id, k.id
  loop
    continue when p.cdr_id = any (v_known || v_later) or p.id = any (v_rows);
    v_rows := v_rows || p.id;
    if p.seconds > 300 and p.created_at > now() - interval '20 minutes' then
      -- The row may be of a newer call that the history does not list yet.
      v_later := v_later || p.cdr_id;
    else
      v_known := v_known || p.cdr_id;
    end if;
  end loop;
  return coalesce((
    select jsonb_agg(jsonb_build_object('cdr_id', x.cdr_id, 'known', x.cdr_id = any (v_known))
                     order by array_position(v_known, x.cdr_id), x.ended_at, x.cdr_id)
      from jsonb_to_recordset(p_calls) as x (cdr_id text, started_at timestamptz, ended_at timestamptz)
     where x.cdr_id <> all (v_later)
       and not exists (select from public.cloudtalk_calls k where k.duplicate_of is null and k.cdr_id = x.cdr_id)
       -- An erased customer's call has no number any more; it is known by its id, or by the minute in which it began.
       and not exists (
         select from public.cloudtalk_calls k
          where k.should_send_reason = 'erased'
            and (k.call_id = x.cdr_id or (k.cdr_id is null
              and k.call_start_time between x.started_at - interval '1 minute' and x.started_at + interval '1 minute')))
  ), '[]');
end
$$;
comment on function public.unknown_calls is
  'Which calls of CloudTalk''s history ([{ cdr_id, phone_number, started_at, ended_at }]) were not seen there before: [{ cdr_id, known }] in the order in which to record them; known tells whether a webhook has told of the call.';

create or replace function public.settle_reconciliation(p_error text default null) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  update public.whatsapp_sender set
    reconcile_error = p_error,
    reconciled_at = case when p_error is null then clock_timestamp() else reconciled_at end;
end
$$;
comment on function public.settle_reconciliation is 'The history was read to the end, or why it was not.';

-- ── Replay ──────────────────────────────────────────────────────────────────────────────────────────────────────

create or replace function public.read_webhooks(
  p_after bigint, p_limit integer, p_id bigint default null, p_outcome text default null, p_since timestamptz default null
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.authorize();
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'id', w.id, 'source', w.source, 'path', w.path, 'outcome', w.outcome, 'event_type', w.event_type,
      'at', w."timestamp", 'content_type', w.headers ->> 'content-type', 'body', w.body, 'raw_body', w.raw_body) order by w.id)
    from (select * from public.webhook_requests r
           where r.id > p_after and (p_id is null or r.id = p_id) and (p_outcome is null or r.outcome = p_outcome)
             and (p_since is null or r."timestamp" >= p_since) and (p_id is not null or r.source <> 'legacy')
           order by r.id limit p_limit) w
  ), '[]');
end
$$;
comment on function public.read_webhooks is
  'Stored webhooks by id, or by outcome and time, oldest first: [{ id, source, path, outcome, event_type, at, content_type, body, raw_body }].';

-- ── Alerts ──────────────────────────────────────────────────────────────────────────────────────────────────────

create or replace function private.problems() returns table (kind text, detail text, since timestamptz)
language sql stable set search_path = '' as $$
  select 'paused', s.paused_reason, s.paused_at
    from public.whatsapp_sender s
   where s.paused_at is not null and s.paused_reason <> 'staff'
  union all
  select 'media', null, max(m.updated_at)
    from public.whatsapp_messages m
   where m.media_state = 'failed' and m.updated_at > now() - interval '1 day'
  having count(*) > 0
  union all
  -- Something is due for five minutes, and for as long nobody rang.
  select 'clock', case when s.heard_at is null then 'never' else 'stopped' end,
         coalesce(s.heard_at, greatest(s.next_send_at, q.due_at), s.reconcile_due_at)
    from public.whatsapp_sender s,
      lateral (select min(due_at) as due_at from public.whatsapp_messages where status = 'queued') q
   where coalesce(s.heard_at, '-infinity') < now() - interval '5 minutes'
     and (s.reconcile_due_at < now() - interval '5 minutes'
          or (s.paused_at is null and q.due_at is not null
              and greatest(s.next_send_at, q.due_at) < now() - interval '5 minutes'))
$$;

create or replace function public.claim_alerts(p_lease_ms integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_now timestamptz;
  v_alerts jsonb;
begin
  perform private.authorize();
  -- However many functions look: each news is handed out once, and again where whoever had it did not tell.
  perform private.lock_keys('alerts');
  v_now := clock_timestamp();
  insert into public.alerts as a (kind, detail, since) select kind, detail, since from private.problems()
  on conflict (kind) do update set cleared_at = null, detail = excluded.detail;
  delete from public.alerts where told_at is null and kind not in (select kind from private.problems());
  update public.alerts set cleared_at = v_now
   where cleared_at is null and kind not in (select kind from private.problems());
  with taken as (
    update public.alerts a set claimed_until = v_now + p_lease_ms * interval '1 ms'
     where coalesce(a.claimed_until, '-infinity') < v_now
       and (a.told_at is null or a.cleared_at is not null
            -- Another file: each is a bill that somebody must ask for again, but not more often than once an hour.
            or (a.kind = 'media' and a.told_at < v_now - interval '1 hour'
                and exists (select from private.problems() p where p.kind = 'media' and p.since > a.told_at)))
    returning a.kind, a.detail, a.since, a.cleared_at
  )
  select jsonb_agg(jsonb_build_object('kind', kind, 'detail', detail, 'since', since, 'over', cleared_at is not null))
    into v_alerts from taken;
  return coalesce(v_alerts, '[]');
end
$$;
comment on function public.claim_alerts is
  'What is to be told now: [{ kind, detail, since, over }]. The caller has p_lease_ms to tell and to call settle_alert.';

create or replace function public.settle_alert(p_kind text, p_over boolean) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  if p_over then
    delete from public.alerts where kind = p_kind and cleared_at is not null;
    -- It came back while its end was being told.
    update public.alerts set told_at = null, claimed_until = null where kind = p_kind;
  else
    update public.alerts set told_at = clock_timestamp(), claimed_until = null where kind = p_kind;
  end if;
end
$$;
comment on function public.settle_alert is 'It was told that a problem is there, or that it is over.';

-- ── Health ──────────────────────────────────────────────────────────────────────────────────────────────────────

create or replace function private.optional_report(p_sql text) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_result jsonb;
begin
  -- Of things that only a Supabase project has, or that its roles may not see.
  execute p_sql into v_result;
  return v_result;
exception when others then
  return null;
end
$$;

create or replace function public.health_report() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.authorize();
  return jsonb_build_object(
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
    'clock', jsonb_build_object(
      'available', (select count(*) = 2 from pg_catalog.pg_extension where extname in ('pg_cron', 'pg_net')),
      'job', private.optional_report($q$
        select jsonb_build_object('schedule', schedule, 'active', active) from cron.job where jobname = 'outbox-clock' $q$),
      'last_run', private.optional_report($q$
        select jsonb_build_object('at', d.start_time, 'status', d.status, 'message', left(d.return_message, 300))
          from cron.job_run_details d join cron.job j using (jobid)
         where j.jobname = 'outbox-clock' order by d.runid desc limit 1 $q$),
      'last_answer', private.optional_report($q$
        select jsonb_build_object('at', created, 'status', status_code, 'error', left(error_msg, 300))
          from net._http_response order by id desc limit 1 $q$),
      'outbox_url', private.optional_report($q$
        select to_jsonb(decrypted_secret) from vault.decrypted_secrets where name = 'outbox_url' $q$),
      -- Enough of a hash to compare with, and nothing to ring with.
      'cron_secret', private.optional_report($q$
        select to_jsonb(left(encode(sha256(convert_to(decrypted_secret, 'UTF8')), 'hex'), 16))
          from vault.decrypted_secrets where name = 'cron_secret' $q$),
      'due', public.outbox_due()),
    'sender', (
      select jsonb_build_object('rang_at', s.rang_at, 'heard_at', s.heard_at, 'paused_at', s.paused_at,
        'paused_reason', s.paused_reason, 'paused_message', s.paused_message, 'session', s.session_status,
        'session_at', s.session_at, 'next_send_at', s.next_send_at,
        'last_sent_at', (select max(a.started_at) from (
          select started_at from public.whatsapp_attempts where outcome = 'sent' order by id desc limit 10) a))
      from public.whatsapp_sender s),
    'history', (
      select jsonb_build_object('started_at', s.reconcile_started_at, 'ok_at', s.reconciled_at, 'error', s.reconcile_error,
        'found', (select count(*) from public.webhook_requests r
                   where r.source = 'reconciled' and r."timestamp" > now() - interval '1 day'))
      from public.whatsapp_sender s),
    'queue', (
      select jsonb_build_object(
        'queued', count(*) filter (where status = 'queued'), 'oldest_at', min(created_at) filter (where status = 'queued'),
        'due_at', min(due_at) filter (where status = 'queued'), 'unknown', count(*) filter (where status = 'unknown'))
      from public.whatsapp_messages where status in ('queued', 'unknown')),
    'media_failed', (
      select count(*) from public.whatsapp_messages
       where media_state = 'failed' and updated_at > now() - interval '1 day'),
    'webhooks', (
      select jsonb_object_agg(s.source, jsonb_build_object(
        'last_at', (select r."timestamp" from public.webhook_requests r where r.source = s.source order by r.id desc limit 1),
        'day', (select jsonb_build_object(
            'accepted', count(*) filter (where r.outcome = 'accepted'), 'duplicate', count(*) filter (where r.outcome = 'duplicate'),
            'ignored', count(*) filter (where r.outcome = 'ignored'), 'invalid', count(*) filter (where r.outcome = 'invalid'))
          from public.webhook_requests r where r.source = s.source and r."timestamp" > now() - interval '1 day'),
        'refused', (select jsonb_build_object('id', r.id, 'at', r."timestamp", 'detail', left(r.outcome_detail, 300))
          from public.webhook_requests r where r.source = s.source and r.outcome = 'invalid' order by r.id desc limit 1)))
      from (values ('cloudtalk'), ('wasender')) as s (source)),
    'staff', (select count(*) from public.staff));
end
$$;
comment on function public.health_report is
  'What lib/health judges: migrations, doors that stand open, the clock, the sender, the queue, webhooks, staff. No customer''s data, no secret.';

revoke execute on all functions in schema private from public;
revoke execute on function public.outbox_due, public.record_ring, public.claim_reconciliation, public.unknown_calls,
  public.settle_reconciliation, public.read_webhooks, public.claim_alerts, public.settle_alert, public.health_report
  from public, anon, authenticated;
grant execute on function public.outbox_due, public.record_ring, public.claim_reconciliation, public.unknown_calls,
  public.settle_reconciliation, public.read_webhooks, public.claim_alerts, public.settle_alert, public.health_report
  to service_role;
