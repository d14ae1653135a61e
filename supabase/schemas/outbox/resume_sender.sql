create or replace function private.resume_sender() returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_sender set
    paused_at = null, paused_reason = null, paused_code = null, paused_message = null, paused_fingerprint = null, probe_at = null
   where id;
end
$$;
revoke execute on function private.resume_sender from public;
