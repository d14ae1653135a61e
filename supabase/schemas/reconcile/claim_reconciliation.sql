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
  'Whether the caller must read CloudTalk''s call history now; if so, no other caller does for p_every_ms. Without an argument: it is not set up.';
revoke execute on function public.claim_reconciliation from public, anon, authenticated, service_role;
grant execute on function public.claim_reconciliation to anon, service_role;
