create or replace function public.record_lid(p_lid text, p_phone_number text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  perform private.lock_keys('address:' || p_phone_number, 'address:' || p_lid);
  perform private.lock_customers(array[p_phone_number, p_lid]);
  -- The number is of no use if the customer was erased since it was asked for.
  if exists (select from public.whatsapp_lids where lid = p_lid) then
    perform private.learn_lid(p_lid, p_phone_number);
  end if;
end
$$;
comment on function public.record_lid is
  'The number behind a LID: its messages get it, and a reply among them marks the calls.';
revoke execute on function public.record_lid from public, anon, authenticated, service_role;
grant execute on function public.record_lid to anon, service_role;
