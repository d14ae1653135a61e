create or replace function public.claim_log_read(p_every_ms integer) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  -- One reader each time, however many people watch.
  perform private.authorize();
  update public.whatsapp_sender set log_due_at = clock_timestamp() + p_every_ms * interval '1 ms'
   where log_due_at <= clock_timestamp();
  return found;
end
$$;
comment on function public.claim_log_read is
  'Whether the caller may read Wasender''s message log now.';
revoke execute on function public.claim_log_read from public, anon, authenticated, service_role;
grant execute on function public.claim_log_read to anon, service_role;
