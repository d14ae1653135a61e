create or replace function private.without_waits(s public.whatsapp_sender) returns public.whatsapp_sender
language plpgsql immutable set search_path = '' as $$
begin
  s.paused_at := null;
  s.next_send_at := '-infinity';
  return s;
end
$$;
comment on function private.without_waits is
  'The sender as hold sees it if neither its pause nor its slot is asked about.';
revoke execute on function private.without_waits from public;
