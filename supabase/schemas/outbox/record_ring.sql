create or replace function public.record_ring() returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  update public.whatsapp_sender set heard_at = clock_timestamp() where id;
end
$$;
comment on function public.record_ring is
  'The clock has rung.';
revoke execute on function public.record_ring from public, anon, authenticated, service_role;
grant execute on function public.record_ring to anon, service_role;
