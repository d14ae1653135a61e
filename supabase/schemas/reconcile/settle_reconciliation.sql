create or replace function public.settle_reconciliation(p_error text default null) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  update public.whatsapp_sender set
    reconcile_error = p_error,
    reconciled_at = case when p_error is null then clock_timestamp() else reconciled_at end
   where id;
end
$$;
comment on function public.settle_reconciliation is
  'The history was read to the end, or why it was not.';
revoke execute on function public.settle_reconciliation from public, anon, authenticated, service_role;
grant execute on function public.settle_reconciliation to anon, service_role;
