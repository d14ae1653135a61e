create or replace function public.claim_alerts(p_lease_ms integer, p_database_bytes bigint default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_now timestamptz;
  v_alerts jsonb;
begin
  perform private.authorize();
  -- Each is given out once, however many functions ask, and again if the function that had it did not report it.
  perform private.lock_keys('alerts');
  v_now := clock_timestamp();
  insert into public.alerts as a (kind, detail, since) select kind, detail, since from private.problems(p_database_bytes)
  on conflict (kind) do update set cleared_at = null, detail = excluded.detail;
  delete from public.alerts where told_at is null and kind not in (select kind from private.problems(p_database_bytes));
  update public.alerts set cleared_at = v_now
   where cleared_at is null and kind not in (select kind from private.problems(p_database_bytes));
  with taken as (
    update public.alerts a set claimed_until = v_now + p_lease_ms * interval '1 ms'
     where coalesce(a.claimed_until, '-infinity') < v_now
       and (a.told_at is null or a.cleared_at is not null
            -- Another file: each is a bill that a colleague must ask for again, but not more often than once an hour.
            or (a.kind = 'media' and a.told_at < v_now - interval '1 hour'
                and exists (select from private.problems(p_database_bytes) p where p.kind = 'media' and p.since > a.told_at)))
    returning a.kind, a.detail, a.since, a.cleared_at
  )
  select jsonb_agg(jsonb_build_object('kind', kind, 'detail', detail, 'since', since, 'over', cleared_at is not null))
    into v_alerts from taken;
  return coalesce(v_alerts, '[]');
end
$$;
comment on function public.claim_alerts is
  'The problems to report now: [{ kind, detail, since, over }]. p_database_bytes: how large the database may become. The caller has p_lease_ms to report them and to call settle_alert.';
revoke execute on function public.claim_alerts from public, anon, authenticated, service_role;
grant execute on function public.claim_alerts to anon, service_role;
