create or replace function public.settle_alert(p_kind text, p_over boolean) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  if p_over then
    delete from public.alerts where kind = p_kind and cleared_at is not null;
    -- It came back while its end was being reported.
    update public.alerts set told_at = null, claimed_until = null where kind = p_kind;
  else
    update public.alerts set told_at = clock_timestamp(), claimed_until = null where kind = p_kind;
  end if;
end
$$;
comment on function public.settle_alert is
  'Records that a problem, or its end, was reported.';
revoke execute on function public.settle_alert from public, anon, authenticated, service_role;
grant execute on function public.settle_alert to anon, service_role;
