create or replace function public.record_probe(p_session_status text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
begin
  perform private.authorize();
  select * into s from public.whatsapp_sender for update;
  update public.whatsapp_sender set session_status = p_session_status, session_at = clock_timestamp() where id;
  if p_session_status = 'connected' and s.paused_reason in ('session', 'configuration') then
    perform private.resume_sender();
    return jsonb_build_object('resumed', true);
  end if;
  return jsonb_build_object('resumed', false);
end
$$;
comment on function public.record_probe is
  'What Wasender''s GET /status answered: our key works, and connected means that messages can go out. Resumes a sender that was paused for its session or configuration. Returns { resumed }.';
revoke execute on function public.record_probe from public, anon, authenticated, service_role;
grant execute on function public.record_probe to anon, service_role;
