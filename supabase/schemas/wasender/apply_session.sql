create or replace function private.apply_session(p_status text) returns boolean
language plpgsql set search_path = '' as $$
declare
  s public.whatsapp_sender;
begin
  select * into s from public.whatsapp_sender for update;
  update public.whatsapp_sender set session_status = p_status, session_at = clock_timestamp() where id;
  if p_status = 'connected' and s.paused_reason = 'session' then
    perform private.resume_sender();
  elsif p_status in ('disconnected', 'need_scan', 'need_passkey', 'logged_out', 'expired') and s.paused_at is null then
    update public.whatsapp_sender set
      paused_at = clock_timestamp(), paused_reason = 'session', paused_code = 'session_down', paused_message = p_status,
      probe_at = clock_timestamp()
     where id;
  end if;
  return s.session_status is distinct from p_status;
end
$$;
revoke execute on function private.apply_session from public;
