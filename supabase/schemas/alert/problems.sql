create or replace function private.problems(p_database_bytes bigint) returns table (kind text, detail text, since timestamptz)
language sql stable set search_path = '' as $$
  select 'paused', s.paused_reason, s.paused_at
    from public.whatsapp_sender s
   where s.paused_at is not null and s.paused_reason <> 'staff'
  union all
  select 'restricted', null, s.restricted_at from public.whatsapp_sender s where s.restricted_at is not null
  union all
  select 'media', null, max(m.updated_at)
    from public.whatsapp_messages m
   where m.media_state = 'failed' and m.updated_at > now() - interval '1 day'
  having count(*) > 0
  union all
  -- In percent. Once it is reported it ends only well below that: a size goes up and down.
  select 'database', d.percent::text, now()
    from (select pg_database_size(current_database()) * 100 / p_database_bytes as percent) d
   where d.percent >= case when exists (select from public.alerts where kind = 'database' and told_at is not null) then 75 else 80 end
  union all
  -- Something has been due for five minutes, and the clock has not rung for as long.
  select 'clock', case when s.heard_at is null then 'never' else 'stopped' end,
         coalesce(s.heard_at, greatest(s.next_send_at, q.due_at), s.reconcile_due_at)
    from public.whatsapp_sender s,
      lateral (select private.next_sendable(s, now() - interval '5 minutes') as due_at) q
   where coalesce(s.heard_at, '-infinity') < now() - interval '5 minutes'
     and (s.reconcile_due_at < now() - interval '5 minutes'
          or (s.paused_at is null and q.due_at is not null
              and greatest(s.next_send_at, q.due_at) <= now() - interval '5 minutes'))
$$;
comment on function private.problems is
  'What is wrong now; p_database_bytes is the size at which Supabase only lets the database be read, null if there is none.';
revoke execute on function private.problems from public;
